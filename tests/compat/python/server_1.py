"""An MCP server of the official Python SDK, line 1, in one of the ways people run it.

usage: server_1.py http|http-mounted|sse|sse-mounted PORT
"""

import contextlib
import sys

import uvicorn
from mcp.server.fastmcp import FastMCP
from starlette.applications import Starlette
from starlette.routing import Mount

kind, port = sys.argv[1], int(sys.argv[2])
# Mounted at /mcp with its own root at /, the endpoint is /mcp/, and /mcp answers 307.
server = FastMCP("python-1", streamable_http_path="/" if kind == "http-mounted" else "/mcp")


@server.tool()
def echo(text: str) -> str:
    """Gives back the text."""
    return text


@contextlib.asynccontextmanager
async def sessions(_app):
    async with server.session_manager.run():
        yield


if kind == "http":
    app = server.streamable_http_app()
elif kind == "http-mounted":
    app = Starlette(routes=[Mount("/mcp", app=server.streamable_http_app())], lifespan=sessions)
elif kind == "sse":
    app = server.sse_app()
elif kind == "sse-mounted":
    app = Starlette(routes=[Mount("/tools", app=server.sse_app())])
else:
    sys.exit(f"unknown kind: {kind}")

uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
