# Platforms: the names of systems, and what follows from a name.
lib:
let
  inherit (builtins) elem filter head isAttrs mapAttrs match removeAttrs;
  systems = lib.systems;
  on = kernel: cpus: map (cpu: "${cpu}-${kernel}") (lib.splitString " " cpus);
  doubles = builtins.concatLists [
    (on "cygwin" "i686 x86_64")
    (on "darwin" "x86_64 aarch64")
    (on "freebsd" "i686 x86_64 aarch64")
    (on "genode" "aarch64 i686 x86_64")
    (on "solaris" "x86_64")
    (on "ghcjs" "javascript")
    (on "linux" "aarch64 arc armv5tel armv6l armv7a armv7l i686 loongarch64 m68k sh4 microblaze microblazeel mips mips64 mips64el mipsel powerpc powerpc64 powerpc64le riscv32 riscv64 s390 s390x x86_64")
    (on "mmixware" "mmix")
    (on "netbsd" "aarch64 armv6l armv7a armv7l i686 m68k mipsel powerpc riscv32 riscv64 x86_64")
    (on "none" "aarch64_be aarch64 arm armv6l avr i686 microblaze microblazeel mips mips64 msp430 or1k m68k powerpc powerpcle riscv32 riscv64 rx s390 s390x vc4 x86_64")
    (on "openbsd" "i686 x86_64")
    (on "redox" "x86_64")
    (on "wasi" "wasm64 wasm32")
    (on "windows" "aarch64 x86_64 i686")
    (on "uefi" "aarch64 x86_64")
  ];
  having = predicate: filter (system: (predicates system).${predicate}) doubles;

  # A system's name: cpu and kernel, or cpu, vendor, kernel and ABI.
  split =
    text:
    let
      long = match "([^-]+)-([^-]+)-([^-]+)-([^-]+)" text;
      short = match "([^-]+)-([^-]+)" text;
      at = builtins.elemAt;
    in
    if long != null then
      { cpu = at long 0; vendor = at long 1; kernel = at long 2; abi = at long 3; }
    else if short != null then
      { cpu = at short 0; kernel = at short 1; }
    else
      throw "the system `${text}' is not known";
  vendorOf = kernel: { darwin = "apple"; windows = "w64"; cygwin = "pc"; }.${kernel} or "unknown";
  abiOf =
    cpu: kernel:
    if kernel == "linux" then
      if match "armv[67].*" cpu != null then
        "gnueabihf"
      else if match "arm.*" cpu != null then
        "gnueabi"
      else if match "mips64.*" cpu != null then
        "gnuabi64"
      else if cpu == "powerpc64" then
        "gnuabielfv2"
      else
        "gnu"
    else
      { windows = "msvc"; cygwin = "cygnus"; }.${kernel} or "unknown";
  familyOf =
    cpu:
    let
      families = {
        x86 = "i[3-6]86|x86_64";
        arm = "arm.*|aarch64.*";
        riscv = "riscv.*";
        power = "powerpc.*";
        mips = "mips.*";
        loongarch = "loongarch.*";
        s390 = "s390x?";
        m68k = "m68k";
        wasm = "wasm.*";
        microblaze = "microblaze.*";
        sh = "sh4";
      };
      found = filter (family: match families.${family} cpu != null) (builtins.attrNames families);
    in
    if found == [ ] then cpu else head found;
  predicates =
    system:
    let
      name = split system;
      inherit (name) cpu kernel;
      abi = name.abi or (abiOf cpu kernel);
      family = familyOf cpu;
      is64 = match ".*64.*|s390x|mmix" cpu != null;
      bigEndian =
        elem cpu [ "aarch64_be" "m68k" "microblaze" "mips" "mips64" "mmix" "or1k" "powerpc" "powerpc64" "s390" "s390x" ];
      kernels = list: elem kernel list;
      bsd = kernels [ "freebsd" "netbsd" "openbsd" ];
    in
    {
      is64bit = is64;
      is32bit = !is64;
      isBigEndian = bigEndian;
      isLittleEndian = !bigEndian && cpu != "avr";
      isx86 = family == "x86";
      isx86_32 = family == "x86" && !is64;
      isx86_64 = family == "x86" && is64;
      isi686 = cpu == "i686";
      isAarch = family == "arm";
      isAarch32 = family == "arm" && !is64;
      isAarch64 = family == "arm" && is64;
      isArmv7 = match "armv7.*" cpu != null;
      isRiscV = family == "riscv";
      isRiscV32 = family == "riscv" && !is64;
      isRiscV64 = family == "riscv" && is64;
      isPower = family == "power";
      isPower64 = family == "power" && is64;
      isMips = family == "mips";
      isMips32 = family == "mips" && !is64;
      isMips64 = family == "mips" && is64;
      isLoongArch64 = cpu == "loongarch64";
      isS390 = family == "s390";
      isS390x = cpu == "s390x";
      isM68k = family == "m68k";
      isWasm = family == "wasm";
      isMicroBlaze = family == "microblaze";
      isSh4 = cpu == "sh4";
      isArc = cpu == "arc";
      isMmix = cpu == "mmix";
      isRx = cpu == "rx";
      isVc4 = cpu == "vc4";
      isOr1k = cpu == "or1k";
      isAvr = cpu == "avr";
      isMsp430 = cpu == "msp430";
      isJavaScript = cpu == "javascript";
      isLinux = kernel == "linux";
      isDarwin = kernel == "darwin";
      isMacOS = kernel == "darwin";
      isiOS = false;
      isBSD = bsd;
      isFreeBSD = kernel == "freebsd";
      isNetBSD = kernel == "netbsd";
      isOpenBSD = kernel == "openbsd";
      isSunOS = kernel == "solaris";
      isCygwin = kernel == "cygwin";
      isWindows = kernel == "windows";
      isMinGW = kernel == "windows" && abi == "gnu";
      isMsvc = kernel == "windows" && abi == "msvc";
      isWasi = kernel == "wasi";
      isRedox = kernel == "redox";
      isGenode = kernel == "genode";
      isGhcjs = kernel == "ghcjs";
      isUefi = kernel == "uefi";
      isNone = kernel == "none";
      isUnix = bsd || kernels [ "linux" "darwin" "solaris" "cygwin" "redox" ];
      isGnu = kernel == "linux" && match "gnu.*" abi != null;
      isMusl = match "musl.*" abi != null;
      isUClibc = match "uclibc.*" abi != null;
      isAndroid = match "android.*" abi != null;
      isElf = !kernels [ "darwin" "windows" "cygwin" "uefi" "wasi" "ghcjs" ];
      isMacho = kernel == "darwin";
      isStatic = kernels [ "wasi" "redox" ];
      isEfi = elem family [ "x86" "arm" "riscv" "loongarch" ];
    };
in
{
  doubles = {
    all = doubles;
    none = [ ];
    gnu = having "isGnu";
    cygwin = having "isCygwin";
  }
  // mapAttrs (_name: having) {
    aarch = "isAarch";
    aarch64 = "isAarch64";
    arc = "isArc";
    arm = "isAarch32";
    armv7 = "isArmv7";
    bigEndian = "isBigEndian";
    darwin = "isDarwin";
    embedded = "isNone";
    freebsd = "isFreeBSD";
    genode = "isGenode";
    i686 = "isi686";
    illumos = "isSunOS";
    js = "isJavaScript";
    linux = "isLinux";
    littleEndian = "isLittleEndian";
    loongarch64 = "isLoongArch64";
    m68k = "isM68k";
    microblaze = "isMicroBlaze";
    mips = "isMips";
    mmix = "isMmix";
    netbsd = "isNetBSD";
    openbsd = "isOpenBSD";
    or1k = "isOr1k";
    power = "isPower";
    redox = "isRedox";
    riscv = "isRiscV";
    riscv32 = "isRiscV32";
    riscv64 = "isRiscV64";
    rx = "isRx";
    s390 = "isS390";
    s390x = "isS390x";
    sh4 = "isSh4";
    uefi = "isUefi";
    unix = "isUnix";
    vc4 = "isVc4";
    wasi = "isWasi";
    windows = "isWindows";
    x86 = "isx86";
    x86_64 = "isx86_64";
  };
  flakeExposed = [
    "x86_64-linux"
    "aarch64-linux"
    "x86_64-darwin"
    "armv6l-linux"
    "armv7l-linux"
    "i686-linux"
    "aarch64-darwin"
    "powerpc64le-linux"
    "riscv64-linux"
    "x86_64-freebsd"
  ];
  functionNames = [ "canExecute" "emulator" "emulatorAvailable" "staticEmulatorAvailable" ];
  systemToAttrs = given: if isAttrs given then given else { system = given; };
  equals = left: right: left._withoutFunctions == right._withoutFunctions;
  elaborate =
    written:
    let
      given = systems.systemToAttrs written;
      name = split (given.config or given.system);
      inherit (name) cpu kernel;
      vendor = name.vendor or (vendorOf kernel);
      abi = name.abi or (abiOf cpu kernel);
      is = predicates "${cpu}-${vendor}-${kernel}-${abi}";
      self = {
        _withoutFunctions = removeAttrs self (systems.functionNames ++ [ "_withoutFunctions" ]);
        system = "${cpu}-${kernel}";
        config =
          if kernel == "darwin" then
            "${self.darwinArch}-apple-darwin"
          else
            "${cpu}-${vendor}-${kernel}" + (if abi == "unknown" then "" else "-${abi}");
        parsed = {
          _type = "system";
          cpu = {
            _type = "cpu-type";
            name = cpu;
            bits = if is.is64bit then 64 else 32;
            family = familyOf cpu;
          };
          kernel.name = kernel;
          vendor.name = vendor;
          abi.name = abi;
        };
        linuxArch =
          if is.isx86_32 then
            "i386"
          else if is.isAarch32 then
            "arm"
          else if is.isAarch64 then
            "arm64"
          else if is.isRiscV then
            "riscv"
          else if is.isPower then
            "powerpc"
          else if is.isMips then
            "mips"
          else if is.isLoongArch64 then
            "loongarch"
          else if is.isS390 then
            "s390"
          else
            cpu;
        darwinArch = if cpu == "aarch64" then "arm64" else cpu;
        qemuArch = if is.isx86_32 then "i386" else if is.isAarch32 then "arm" else cpu;
        efiArch =
          if is.isx86_64 then
            "x64"
          else if is.isx86_32 then
            "ia32"
          else if is.isAarch64 then
            "aa64"
          else if is.isAarch32 then
            "arm"
          else
            cpu;
        libc =
          if is.isMusl then
            "musl"
          else
            {
              darwin = "libSystem";
              freebsd = "fblibc";
              linux = "glibc";
              netbsd = "nblibc";
              openbsd = "oblibc";
            }
            .${kernel} or lib.systems.libc;
        hasSharedLibraries = !is.isStatic && !is.isNone && !is.isUefi;
        extensions = {
          executable = if is.isWindows then ".exe" else "";
          sharedLibrary = if is.isDarwin then ".dylib" else if is.isWindows then ".dll" else ".so";
          staticLibrary = if is.isWindows then ".lib" else ".a";
          library = if self.isStatic then self.extensions.staticLibrary else self.extensions.sharedLibrary;
        };
        uname = {
          system =
            {
              darwin = "Darwin";
              freebsd = "FreeBSD";
              linux = "Linux";
              netbsd = "NetBSD";
              openbsd = "OpenBSD";
              windows = "Windows";
            }
            .${kernel} or null;
          processor =
            if is.isDarwin then self.darwinArch else builtins.replaceStrings [ "powerpc" ] [ "ppc" ] cpu;
          release = null;
        };
        canExecute =
          other: other.parsed.kernel == self.parsed.kernel
          && (other.parsed.cpu == self.parsed.cpu || is.isx86_64 && other.isx86_32);
        gcc = { };
        rustc = { };
      }
      // is
      // removeAttrs given [ "parsed" "system" "_withoutFunctions" ];
    in
    self;
}
