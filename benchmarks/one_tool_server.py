"""The floor: the smallest server that the MCP SDK can make, with one tool that does nothing."""

from mcp.server import MCPServer

server = MCPServer("floor", version="1")


@server.tool()
async def echo(id: int) -> dict[str, int]:
    """Give back the id."""
    return {"id": id}


if __name__ == "__main__":
    server.run("stdio")
