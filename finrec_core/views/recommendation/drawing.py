"""The drawing: the scripts that draw a picture in its frame, the same for every picture.

What differs from one picture to the next is data, which no browser runs. So the policy of the page and of
the frame can name these scripts by their hashes, and no other runs there.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Any

LIBRARY = (files("pyvis") / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js").read_text("utf-8")
DATA = "drawn"  # the id of the element that holds the data
DRAW = """
    var network;  // for whoever looks in from outside
    const drawn = JSON.parse(document.getElementById("drawn").textContent);
    const box = document.getElementById("mynetwork");
    function draw() {
        const data = {nodes: new vis.DataSet(drawn.nodes), edges: new vis.DataSet(drawn.edges)};
        network = new vis.Network(box, data, drawn.options);
        function fit() {
            const room = Math.min(box.clientWidth / drawn.width, box.clientHeight / drawn.height);
            network.moveTo({position: {x: 0, y: 0}, scale: Math.min(1.05, room)});
        }
        fit();
        network.on("resize", fit);
        document.body.dataset.drawn = "yes";
    }
    document.fonts.load(drawn.font).then(draw, draw);
"""
SCRIPTS = (LIBRARY, DRAW)


def hashed(script: str) -> str:
    """Return what a Content-Security-Policy calls an inline script that may run."""
    return f"'sha256-{b64encode(sha256(script.encode('utf-8')).digest()).decode('ascii')}'"


def data(values: Mapping[str, Any]) -> str:
    """Return values as JSON that no browser takes for the end of the element it stands in."""
    text = json.dumps(values, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
