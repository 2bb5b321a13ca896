# A module of one's own with options, which defines those of NixOS.
{
  imports = [ ./chat.nix ];
  system.stateVersion = "25.05";
  networking.hostName = "chat";
  my.chat = {
    enable = true;
    domain = "example.org";
    registration = "closed";
    turn.enable = true;
    extra = { max_upload_size = "100M"; presence.enabled = false; };
  };
}
