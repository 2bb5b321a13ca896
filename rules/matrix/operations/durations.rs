//! The settings of Synapse that are durations.

/// Those that are long for anybody: a minute or more is meant.
pub(super) const LONG: &[&str] = &[
    "turn_user_lifetime",
    "session_lifetime",
    "refreshable_access_token_lifetime",
    "nonrefreshable_access_token_lifetime",
    "refresh_token_lifetime",
    "login_via_existing_session.token_timeout",
    "redaction_retention_period",
    "forgotten_room_retention_period",
    "user_ips_max_age",
    "unused_expiration_time",
    "key_refresh_interval",
    "max_event_delay_duration",
    "delete_stale_devices_after",
    "email.validation_token_lifetime",
    "email.notif_delay_before_mail",
    "media_retention.local_media_lifetime",
    "media_retention.remote_media_lifetime",
    "retention.default_policy.min_lifetime",
    "retention.default_policy.max_lifetime",
    "retention.allowed_lifetime_min",
    "retention.allowed_lifetime_max",
];

/// Those that somebody may want to be a few seconds, or less.
pub(super) const SHORT: &[&str] = &[
    "ui_auth.session_timeout",
    "presence.last_active_granularity",
    "presence.sync_online_timeout",
    "presence.idle_timeout",
    "push.jitter_delay",
    "federation.client_timeout",
    "federation.max_long_retry_delay",
    "federation.max_short_retry_delay",
    "federation.destination_min_retry_interval",
    "federation.destination_max_retry_interval",
    "caches.cache_entry_ttl",
    "caches.sync_response_cache_duration",
    "caches.cache_autotuning.min_cache_ttl",
];
