# Options of `services.matrix-synapse` that NixOS refuses since 22.05, when `settings` came.
# `old` and `new` are option paths; `new` is null where nothing takes their place.
# `oneToOne`: the value may be moved as it is. `since`: if it was not 22.05.
# Facts: nixpkgs nixos/modules/services/matrix/synapse.nix (02d79c9c) and Synapse's
# configuration manual, where the module's own message points to the wrong place.
let
  option = name: [ "services" "matrix-synapse" ] ++ name;
  setting = name: option ([ "settings" ] ++ name);
  dotted = builtins.concatStringsSep ".";

  # Under `settings` by the same name.
  moved = path: {
    old = option path;
    new = setting path;
    oneToOne = true;
    note = "Use `${dotted (setting path)}`.";
  };

  # Under `settings` by another name.
  renamed = old: new: {
    old = option [ old ];
    new = setting new;
    oneToOne = true;
    note = "Use `${dotted (setting new)}`.";
  };

  # Secrets: the file is the better place.
  secret = name: {
    old = option [ name ];
    new = setting [ "${name}_path" ];
    oneToOne = false;
    note = "Put the secret into a file and name it in `${dotted (setting [ "${name}_path" ])}`.";
  };

  reshaped = path: new: note: {
    old = option path;
    inherit new note;
    oneToOne = false;
  };

  gone = name: note: {
    old = option [ name ];
    new = null;
    oneToOne = false;
    inherit note;
  };

  listeners = name: reshaped [ name ] (setting [ "listeners" ]) "Write a listener in `${dotted (setting [ "listeners" ])}`.";
in
map moved [
  [ "account_threepid_delegates" "msisdn" ]
  [ "allow_guest_access" ]
  [ "app_service_config_files" ]
  [ "bcrypt_rounds" ]
  [ "dynamic_thumbnails" ]
  [ "enable_metrics" ]
  [ "enable_registration" ]
  [ "enable_registration_captcha" ]
  [ "event_cache_size" ]
  [ "key_refresh_interval" ]
  [ "listeners" ]
  [ "max_image_pixels" ]
  [ "max_upload_size" ]
  [ "presence" "enabled" ]
  [ "public_baseurl" ]
  [ "recaptcha_public_key" ]
  [ "redaction_retention_period" ]
  [ "report_stats" ]
  [ "room_prejoin_state" "additional_event_types" ]
  [ "room_prejoin_state" "disable_default_event_types" ]
  [ "server_name" ]
  [ "tls_certificate_path" ]
  [ "tls_private_key_path" ]
  [ "turn_uris" ]
  [ "turn_user_lifetime" ]
  [ "url_preview_enabled" ]
  [ "url_preview_ip_range_blacklist" ]
  [ "url_preview_ip_range_whitelist" ]
  [ "url_preview_url_blacklist" ]
]
++ [
  (renamed "database_args" [ "database" "args" ])
  (renamed "database_name" [ "database" "args" "database" ])
  (renamed "database_type" [ "database" "name" ])
  (renamed "database_user" [ "database" "args" "user" ])
  (renamed "federation_rc_concurrent" [ "rc_federation" "concurrent" ])
  (renamed "federation_rc_reject_limit" [ "rc_federation" "reject_limit" ])
  (renamed "federation_rc_sleep_delay" [ "rc_federation" "sleep_delay" ])
  (renamed "federation_rc_sleep_limit" [ "rc_federation" "sleep_limit" ])
  (renamed "federation_rc_window_size" [ "rc_federation" "window_size" ])
  # The module's message says `rc_messages`, which Synapse does not read.
  (renamed "rc_messages_burst_count" [ "rc_message" "burst_count" ])
  (renamed "rc_messages_per_second" [ "rc_message" "per_second" ])
  (renamed "room_invite_state_types" [ "room_prejoin_state" "additional_event_types" ])

  (secret "macaroon_secret_key")
  (secret "recaptcha_private_key")
  (secret "registration_shared_secret")
  (secret "turn_shared_secret")

  (reshaped [ "extraConfig" ] (setting [ ]) "Write the YAML as attributes of `${dotted (setting [ ])}`.")
  # The module's message says `settings.log_config`, which takes the path of a file.
  (reshaped [ "logConfig" ] (option [ "log" ]) "Write the YAML as attributes of `services.matrix-synapse.log`.")
  (reshaped [ "verbose" ] (option [ "log" "root" "level" ]) "Set `services.matrix-synapse.log.root.level`.")
  (reshaped [ "servers" ] (setting [ "trusted_key_servers" ])
    "Use `${dotted (setting [ "trusted_key_servers" ])}`, a list of `{ server_name; verify_keys; }`."
  )
  # The target in the module's message is refused by Synapse.
  (reshaped [ "account_threepid_delegates" "email" ] (setting [ "email" ])
    "Synapse sends its mail itself: configure `${dotted (setting [ "email" ])}`."
  )
  (reshaped [ "create_local_database" ] [ "services" "postgresql" "initialScript" ]
    "Create the database in `services.postgresql.initialScript`."
  )
  (listeners "bind_host")
  (listeners "bind_port")
  (listeners "no_tls")
  (listeners "unsecure_port")

  (gone "expire_access_tokens" "Synapse has dropped it.")
  (gone "sliding-sync" "Synapse has it built in since 1.114." // { since = "24.11"; })
  {
    old = [ "services" "matrix-sliding-sync" ];
    since = "24.11";
    new = null;
    oneToOne = false;
    note = "Synapse has it built in since 1.114.";
  }
  (gone "tls_dh_param_path" "Synapse has dropped it.")
  (gone "trusted_third_party_id_servers" "Obsolete since Synapse 1.4.")
  (gone "user_creation_max_duration" "Synapse has dropped it.")
  (gone "web_client" "Synapse has dropped it.")
]
