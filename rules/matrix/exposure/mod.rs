//! Rules about what is reachable that should not be.

mod coturn_open_relay;
mod coturn_private_peers_allowed;
mod coturn_tcp_relay_enabled;
mod ip_range_blacklist_weakened;
mod listener_bound_publicly;
mod livekit_open_room_creation;
mod manhole_exposed;
mod mas_listener_exposed;
mod metrics_exposed;
mod redis_exposed;
mod replication_listener_exposed;
mod synapse_admin_api_exposed;
mod url_preview_blacklist_weakened;
mod weakened;
mod x_forwarded_on_exposed_listener;

shipped! { "matrix/exposure":
    "authenticated-media-disabled";
    "coturn-open-relay" => coturn_open_relay::check;
    "coturn-private-peers-allowed" => coturn_private_peers_allowed::check;
    "coturn-tcp-relay-enabled" => coturn_tcp_relay_enabled::check;
    "ip-range-blacklist-weakened" => ip_range_blacklist_weakened::check;
    "listener-bound-publicly" => listener_bound_publicly::check;
    "livekit-open-room-creation" => livekit_open_room_creation::check;
    "manhole-exposed" => manhole_exposed::check;
    "mas-listener-exposed" => mas_listener_exposed::check;
    "metrics-exposed" => metrics_exposed::check;
    "redis-exposed" => redis_exposed::check;
    "replication-listener-exposed" => replication_listener_exposed::check;
    "synapse-admin-api-exposed" => synapse_admin_api_exposed::check;
    "url-preview-blacklist-weakened" => url_preview_blacklist_weakened::check;
    "x-forwarded-on-exposed-listener" => x_forwarded_on_exposed_listener::check;
}
