//! Rules about workers.

shipped! { "matrix/workers":
}
