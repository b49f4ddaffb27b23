"""The floor of a portal: Starlette that answers with the bytes of a file. It prints its port."""

import socket
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

body = Path(sys.argv[1]).read_bytes()


async def answer(request: Request) -> Response:
    """Read the request, give the bytes."""
    await request.body()
    return Response(body, media_type="application/json")


if __name__ == "__main__":
    # asyncio turns Nagle's delay off only for sockets that name their protocol.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    print(listener.getsockname()[1], flush=True)
    application = Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])
    uvicorn.Server(uvicorn.Config(application, log_level="error")).run(sockets=[listener])
