{
  services.matrix-synapse = {
    room_prejoin_state.additional_event_types = [ "x" ];
    room_invite_state_types = [ "x" ];
    allow_guest_access = true;
    report_stats = true;
  };
}
