# Settings that hold a secret. Whatever is written there ends up in the Nix store.
# `option`: option path; `*` stands for any attribute name, `[]` for the entries of a list.
# `file`: the sibling that takes the path of a file instead, null where there is none;
# `since`: the first Synapse version that has it.
# Facts: synapse/config/*.py and CHANGES.md, the configuration manual of
# matrix-authentication-service, nixpkgs' redis, coturn and livekit modules.
let
  synapse = setting: [ "services" "matrix-synapse" "settings" ] ++ setting;
  mas = setting: [ "services" "matrix-authentication-service" "settings" ] ++ setting;
  redis = option: [ "services" "redis" "servers" "*" option ];
  coturn = option: [ "services" "coturn" option ];

  plain = rule: option: {
    inherit rule option;
    file = null;
    since = null;
  };
  withFile =
    rule: option: file: since:
    { inherit rule option file since; };
in
[
  (withFile "inline-registration-shared-secret" (synapse [ "registration_shared_secret" ]) "registration_shared_secret_path" "1.67")
  (withFile "inline-macaroon-secret-key" (synapse [ "macaroon_secret_key" ]) "macaroon_secret_key_path" "1.121")
  (withFile "inline-form-secret" (synapse [ "form_secret" ]) "form_secret_path" "1.126")
  (withFile "inline-turn-shared-secret" (synapse [ "turn_shared_secret" ]) "turn_shared_secret_path" "1.116")
  (plain "inline-turn-shared-secret" (synapse [ "turn_password" ]))
  (withFile "inline-recaptcha-private-key" (synapse [ "recaptcha_private_key" ]) "recaptcha_private_key_path" "1.135")
  (withFile "inline-redis-password" (synapse [ "redis" "password" ]) "password_path" "1.117")
  (withFile "inline-redis-password" (redis "requirePass") "requirePassFile" null)
  (plain "inline-redis-password" (redis "masterAuth"))
  (withFile "inline-worker-replication-secret" (synapse [ "worker_replication_secret" ]) "worker_replication_secret_path" "1.126")
  (withFile "inline-worker-replication-secret" [ "services" "matrix-synapse" "workers" "*" "worker_replication_secret" ] "worker_replication_secret_path" "1.126")

  (withFile "inline-mas-shared-secret" (synapse [ "matrix_authentication_service" "secret" ]) "secret_path" "1.136")
  (withFile "inline-mas-shared-secret" (mas [ "matrix" "secret" ]) "secret_file" null)
  (withFile "inline-mas-shared-secret" (mas [ "secrets" "encryption" ]) "encryption_file" null)
  (withFile "inline-mas-shared-secret" (mas [ "secrets" "keys" "[]" "key" ]) "key_file" null)
  (withFile "inline-mas-shared-secret" (mas [ "clients" "[]" "client_secret" ]) "client_secret_file" null)
  (withFile "inline-mas-shared-secret" (mas [ "upstream_oauth2" "providers" "[]" "client_secret" ]) "client_secret_file" null)
  (withFile "inline-mas-shared-secret" (mas [ "passwords" "schemes" "[]" "secret" ]) "secret_file" null)
  (plain "inline-mas-shared-secret" (mas [ "email" "password" ]))
  (plain "inline-mas-shared-secret" (mas [ "captcha" "secret_key" ]))
  (plain "inline-mas-shared-secret" (mas [ "database" "password" ]))

  (withFile "inline-oidc-client-secret" (synapse [ "oidc_providers" "[]" "client_secret" ]) "client_secret_path" "1.91")
  (withFile "inline-oidc-client-secret" (synapse [ "oidc_providers" "[]" "client_secret_jwt_key" "key" ]) "key_file" null)
  (plain "inline-oidc-client-secret" (synapse [ "oidc_config" "client_secret" ]))

  # libpq reads `passfile`; a socket with peer authentication needs no password.
  (plain "inline-database-password" (synapse [ "database" "args" "password" ]))
  (plain "inline-database-password" (synapse [ "databases" "*" "args" "password" ]))
  (plain "inline-smtp-password" (synapse [ "email" "smtp_pass" ]))
  # Only while `algorithm` starts with HS; otherwise it is a public key.
  (plain "inline-jwt-secret" (synapse [ "jwt_config" "secret" ]))
  (plain "inline-password-pepper" (synapse [ "password_config" "pepper" ]))
  (plain "inline-sentry-dsn" (synapse [ "sentry" "dsn" ]))
  (plain "inline-manhole-password" (synapse [ "manhole_settings" "password" ]))
  (plain "inline-saml-key" (synapse [ "saml2_config" "sp_config" "key_file_passphrase" ]))

  (withFile "inline-coturn-auth-secret" (coturn "static-auth-secret") "static-auth-secret-file" null)
  (plain "inline-coturn-auth-secret" (coturn "cli-password"))
]
