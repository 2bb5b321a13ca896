//! Rules about the database.

mod database_args_dbname;
mod init_script;
mod postgres_collation_not_c;
mod postgres_not_provisioned;
mod postgres_role_mismatch;
mod postgres_too_old;
mod postgres_trust_authentication;
mod sqlite_database;
mod synapse_database;

pub(super) use init_script::init_scripts;

shipped! { "matrix/database":
    "allow-unsafe-locale";
    "database-args-dbname" => database_args_dbname::check;
    "postgres-collation-not-c" => postgres_collation_not_c::check;
    "postgres-not-provisioned" => postgres_not_provisioned::check;
    "postgres-role-mismatch" => postgres_role_mismatch::check;
    "postgres-too-old" => postgres_too_old::check;
    "postgres-trust-authentication" => postgres_trust_authentication::check;
    "sqlite-database" => sqlite_database::check;
}
