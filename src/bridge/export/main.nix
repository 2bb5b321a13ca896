# What a configuration says of the options that are asked for, told line by line over `trace`.
#
# The lines a run gave are kept when it ends in a fatal error, which nothing in Nix can catch; the
# next run leaves out what is in `have` and what caused it (`skip`).
{
  parts,
  request,
  target,
  roots ? [ ],
}:
let
  inherit (builtins)
    attrNames
    concatLists
    elem
    filter
    listToAttrs
    partition
    seq
    toJSON
    tryEval
    ;

  set =
    names:
    listToAttrs (
      map (name: {
        inherit name;
        value = true;
      }) names
    );

  reversed = list: builtins.genList (at: builtins.elemAt list (builtins.length list - 1 - at)) (builtins.length list);

  say = record: builtins.trace "${request.mark}${toJSON record}" null;
  # A run in which nothing is fatal need not say what it is at: a quick one announces whole options and
  # little else. After an error there comes one that is careful.
  inherit (request) quick;
  have = set request.have;
  skip = set request.skip;
  last = set request.last;
  worst = set request.worst;
  users = request.roots ++ map (root: builtins.unsafeDiscardStringContext (toString root)) roots;

  encode = parts.encode { inherit say skip quick; };
  options = parts.options {
    inherit
      say
      have
      skip
      quick
      encode
      ;
  };
  modules = parts.modules {
    inherit
      say
      have
      skip
      quick
      encode
      ;
    inherit (options) isOption;
    roots = users;
  };
  claims = parts.claims {
    inherit
      say
      have
      skip
      quick
      encode
      ;
    inherit (options) locations;
  };

  # An option that nobody declares makes every access fail: without that check the rest can be had.
  unchecked = target.extendModules {
    modules = [
      {
        _module.check = {
          _type = "override";
          priority = 50;
          content = false;
        };
      }
    ];
  };
  configuration = if request.unchecked then unchecked else target;
  lib =
    configuration.lib or (configuration._module.specialArgs or { }).lib or (
      (configuration.extendModules {
        modules = [ ({ lib, ... }: { _module.args."lib of the configuration" = lib; }) ];
      })._module.args."lib of the configuration"
    );

  found = options.find [ ] request.asked configuration.options;
  # Options that may be fatal, and those that surely are, must not be in the way of others.
  surely = partition (options.isIn worst) found;
  split = partition (options.isIn last) surely.wrong;
  mine = if skip ? "modules" then [ ] else seq (say { b = "modules"; }) (modules.all configuration lib);
  # From both ends: those at the ends may be good.
  doubtful = if request.backwards then reversed surely.right else surely.right;
  isLate = path: last ? ${encode.idOf path} || worst ? ${encode.idOf path};
  reread = late: modules.ask lib isLate late request.asked configuration.options mine;

  declaring = set (
    concatLists (
      map (
        one:
        let
          files = tryEval (map toString (one.option.declarations or [ ]));
        in
        if files.success then files.value else [ ]
      ) found
    )
  );
  isOfNixos = file: declaring ? ${file} && !(modules.isUsers file);
  wanted = file: modules.isUsers file || declaring ? ${file};
in
encode.inOrder (step: step) [
  (say { roots = users; nix = builtins.nixVersion; })
  (say { b = "options"; })
  (say {
    found = map (one: one.path) found;
    declaring = attrNames declaring;
    lib = (builtins.unsafeGetAttrPos "mkOption" lib).file or null;
  })
  (options.ask lib isOfNixos split.wrong)
  (say {
    files = map (one: one.file) mine;
  })
  (reread false)
  (modules.ofTypes lib isLate false found)
  (claims configuration.options wanted)
  (options.ask lib isOfNixos split.right)
  (options.ask lib isOfNixos doubtful)
  (if last == { } && worst == { } then null else reread true)
  (if last == { } && worst == { } then null else modules.ofTypes lib isLate true found)
  (say { end = true; })
]
