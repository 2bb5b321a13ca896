//! The only place that reads the disk.
