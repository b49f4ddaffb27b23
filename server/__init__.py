"""The MCP server: settings, the guard, tools and prompts as the SDK's, and the command line."""
