"""An MCP server of the official Python SDK, line 2.

usage: server_2.py http|sse PORT
"""

import sys

from mcp.server.mcpserver import MCPServer

kind, port = sys.argv[1], int(sys.argv[2])
server = MCPServer("python-2")


@server.tool()
def echo(text: str) -> str:
    """Gives back the text."""
    return text


if kind == "http":
    server.run("streamable-http", host="127.0.0.1", port=port)
elif kind == "sse":
    server.run("sse", host="127.0.0.1", port=port)
else:
    sys.exit(f"unknown kind: {kind}")
