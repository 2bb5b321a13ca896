# What a package is made from.
lib:
builtins.mapAttrs
  (shortName: isSource: {
    inherit isSource shortName;
  })
  {
    fromSource = true;
    binaryBytecode = false;
    binaryFirmware = false;
    binaryNativeCode = false;
    obfuscatedCode = false;
  }
