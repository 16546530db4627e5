"""Where the logs are kept. Each store fulfils the port and passes the one contract suite."""
