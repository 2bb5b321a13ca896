//! Rules about workers.

mod duty_assigned_to_unknown_worker;
mod names;
mod redis_endpoint_mismatch;
mod stream_writer_invalid;
mod worker_not_routed;
mod worker_replication_unauthenticated;
mod workers_without_redis;

shipped! { "matrix/workers":
    "duty-assigned-to-unknown-worker" => duty_assigned_to_unknown_worker::check;
    "redis-endpoint-mismatch" => redis_endpoint_mismatch::check;
    "stream-writer-invalid" => stream_writer_invalid::check;
    "worker-not-routed" => worker_not_routed::check;
    "worker-replication-unauthenticated" => worker_replication_unauthenticated::check;
    "workers-without-redis" => workers_without_redis::check;
}
