//! Rules about the database.

shipped! { "matrix/database":
}
