# Functions on lists.
lib:
let
  inherit (builtins) elem elemAt filter genList head length tail;
  lists = lib.lists;
  take = lists.take;
  drop = lists.drop;
  reindex = keep: list: map (elemAt list) keep;
in
{
  inherit (builtins)
    all any concatLists concatMap elem elemAt filter genList groupBy head isList length map partition
    sort tail;

  # Making lists.
  singleton = element: [ element ];
  toList = value: if builtins.isList value then value else [ value ];
  optional = condition: element: if condition then [ element ] else [ ];
  optionals = condition: list: if condition then list else [ ];
  range = first: last: if last < first then [ ] else genList (n: first + n) (last - first + 1);
  replicate = n: element: genList (_index: element) n;
  flatten = value: if builtins.isList value then builtins.concatMap lists.flatten value else [ value ];
  concatAttrValues = set: builtins.concatLists (builtins.attrValues set);

  # Going over lists.
  forEach = list: f: map f list;
  imap0 = f: list: genList (n: f n (elemAt list n)) (length list);
  imap1 = f: list: genList (n: f (n + 1) (elemAt list n)) (length list);
  foldr =
    f: end: list:
    let
      from = n: if n == length list then end else f (elemAt list n) (from (n + 1));
    in
    from 0;
  fold = lists.foldr;
  foldl =
    f: start: list:
    let
      upTo = n: if n == 0 then start else f (upTo (n - 1)) (elemAt list (n - 1));
    in
    upTo (length list);
  foldl' = f: start: list: builtins.seq start (builtins.foldl' f start list);
  count = test: list: length (filter test list);
  groupBy' =
    f: start: key: list:
    builtins.mapAttrs (_name: lists.foldl f start) (builtins.groupBy key list);
  zipListsWith =
    f: left: right:
    genList (n: f (elemAt left n) (elemAt right n)) (lib.min (length left) (length right));
  zipLists = lists.zipListsWith (fst: snd: { inherit fst snd; });
  crossLists = f: lists.foldl (done: list: builtins.concatMap (g: map g list) done) [ f ];

  # Finding elements.
  ifilter0 = test: list: reindex (filter (n: test n (elemAt list n)) (genList lib.id (length list))) list;
  remove = unwanted: filter (element: element != unwanted);
  findSingle =
    test: none: several: list:
    let
      found = filter test list;
    in
    if found == [ ] then none else if length found == 1 then head found else several;
  # The fold counts -1, -2, … while nothing is found, and keeps the position once something is.
  findFirstIndex =
    test: none: list:
    let
      position = builtins.foldl' (
        at: element: if at >= 0 then at else if test element then -1 - at else at - 1
      ) (-1) list;
    in
    if position >= 0 then position else none;
  findFirst =
    test: none: list:
    let
      position = lists.findFirstIndex test null list;
    in
    if position == null then none else elemAt list position;

  # Parts of lists.
  sublist =
    start: count: list:
    let
      left = length list - start;
    in
    genList (n: elemAt list (start + n)) (if left <= 0 then 0 else lib.min count left);
  take = count: lists.sublist 0 count;
  drop = count: list: lists.sublist count (length list) list;
  takeEnd = count: list: drop (lib.max 0 (length list - count)) list;
  dropEnd = count: list: take (lib.max 0 (length list - count)) list;
  last =
    list:
    if list == [ ] then throw "lists.last: list must not be empty!" else elemAt list (length list - 1);
  init =
    list: if list == [ ] then throw "lists.init: list must not be empty!" else lists.dropEnd 1 list;
  hasPrefix = prefix: list: take (length prefix) list == prefix;
  removePrefix =
    prefix: list:
    if lists.hasPrefix prefix list then
      drop (length prefix) list
    else
      throw "lists.removePrefix: the first list does not start the second";
  commonPrefix =
    left: right:
    let
      same = lists.zipListsWith (l: r: l == r) left right;
    in
    take (lists.findFirstIndex (equal: !equal) (length same) same) left;
  replaceElemAt =
    list: index: element:
    if index < 0 || index >= length list then
      throw "lists.replaceElemAt: there is no index ${toString index} in a list of ${toString (length list)}"
    else
      genList (n: if n == index then element else elemAt list n) (length list);

  # Lists as sets.
  unique = builtins.foldl' (kept: element: if elem element kept then kept else kept ++ [ element ]) [ ];
  uniqueStrings = list: builtins.attrNames (builtins.groupBy lib.id list);
  allUnique = list: length (lists.unique list) == length list;
  intersectLists = left: filter (element: elem element left);
  subtractLists = unwanted: filter (element: !elem element unwanted);
  mutuallyExclusive = left: right: !builtins.any (element: elem element right) left;

  # Order.
  reverseList = list: genList (n: elemAt list (length list - 1 - n)) (length list);
  sortOn =
    key: list:
    map (pair: pair.element) (
      builtins.sort (left: right: left.key < right.key) (
        map (element: {
          inherit element;
          key = key element;
        }) list
      )
    );
  compareLists =
    compare: left: right:
    if left == [ ] then
      (if right == [ ] then 0 else -1)
    else if right == [ ] then
      1
    else
      let
        first = compare (head left) (head right);
      in
      if first != 0 then first else lists.compareLists compare (tail left) (tail right);
  naturalSort =
    list:
    let
      # Numbers compare as numbers, what is between them as text.
      pieces =
        text:
        map (piece: if builtins.isList piece then lib.toInt (head piece) else piece) (
          builtins.split "(0|[1-9][0-9]*)" text
        );
      keyed = map (element: {
        inherit element;
        key = pieces element;
      }) list;
    in
    map (pair: pair.element) (
      builtins.sort (left: right: lists.compareLists lib.compare left.key right.key < 0) keyed
    );

  # Follows `before` downwards from the first element until nothing comes before it.
  listDfs =
    stopOnCycles: before: list:
    let
      descend =
        at: visited: rest:
        let
          loops = filter (other: before other at) visited;
          earlier = builtins.partition (other: before other at) rest;
        in
        if stopOnCycles && loops != [ ] then
          {
            cycle = at;
            inherit loops visited rest;
          }
        else if earlier.right == [ ] then
          {
            minimal = at;
            inherit visited rest;
          }
        else
          descend (head earlier.right) ([ at ] ++ visited) (tail earlier.right ++ earlier.wrong);
    in
    descend (head list) [ ] (tail list);
  toposort =
    before: list:
    let
      first = lists.listDfs true before list;
      others = lists.toposort before (first.visited ++ first.rest);
    in
    if length list < 2 then
      { result = list; }
    else if first ? cycle then
      {
        cycle = lists.reverseList ([ first.cycle ] ++ first.visited);
        inherit (first) loops;
      }
    else if others ? cycle then
      others
    else
      { result = [ first.minimal ] ++ others.result; };
}
