//! Rules about what does not start or does not work.

shipped! { "matrix/operations":
}
