//! The workflow's public HTTP API and the console's static files
