//! Rules about workers.

mod duty_assigned_to_unknown_worker;
mod names;
mod stream_writer_invalid;
mod workers_without_redis;

shipped! { "matrix/workers":
    "duty-assigned-to-unknown-worker" => duty_assigned_to_unknown_worker::check;
    "stream-writer-invalid" => stream_writer_invalid::check;
    "workers-without-redis" => workers_without_redis::check;
}
