//! Rules about what gets slow.

shipped! { "matrix/performance":
    "media-retention-unset";
}
