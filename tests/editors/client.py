"""Opens a file with an unsaved text in a language server and prints the diagnostics: line, severity, rule.

Usage: EFM=program client.py TEXT FILE, in the project's folder.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import threading

text, file = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2]).resolve()
server = subprocess.Popen([os.environ["EFM"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

# Who says nothing has failed.
threading.Timer(30, server.kill).start()


def send(**message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    server.stdin.flush()


def receive():
    length = 0
    while line := server.stdout.readline().strip():
        name, value = line.split(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return json.loads(server.stdout.read(length)) if length else None


send(id=1, method="initialize", params={"processId": None, "rootUri": pathlib.Path.cwd().as_uri(), "capabilities": {}})
document = {"uri": file.as_uri(), "languageId": "nix", "version": 1, "text": text}
while message := receive():
    if message.get("id") == 1:
        send(method="initialized", params={})
        send(method="textDocument/didOpen", params={"textDocument": document})
    if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["diagnostics"]:
        for it in message["params"]["diagnostics"]:
            severity = {1: "error", 2: "warning", 3: "info"}[it["severity"]]
            rule = re.search(r"\[([a-z-]+)\]", it["message"])
            print(it["range"]["start"]["line"] + 1, severity, rule and rule[1])
        break
sys.stdout.flush()
server.kill()
os._exit(0)
