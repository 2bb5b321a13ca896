# Assertions that hold and fail, and warnings: about an option, about nothing, broken.
{ lib, config, ... }:
{
  options.my.name = lib.mkOption {
    type = lib.types.str;
    default = "nobody";
  };

  config = {
    my.name = "a";
    assertions = [
      { assertion = true; message = "this holds"; }
      {
        assertion = config.my.name != "a";
        message = "`my.name` must not be that.";
      }
      { assertion = false; message = "nobody speaks of an option"; }
      { assertion = false; message = throw "no message"; }
      { assertion = throw "nobody knows"; message = "undecided"; }
    ];
    warnings = [
      "my.name is short."
      "line\nby line"
      (throw "gone")
    ];
  };
}
