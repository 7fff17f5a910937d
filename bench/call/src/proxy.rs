//! A private nginx that hands every call on and does nothing else.

use anyhow::{Context, Result, ensure};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

/// A running nginx; it ends when this value is dropped.
pub(crate) struct Proxy {
    configuration: PathBuf,
    base: String,
}

impl Proxy {
    /// Starts nginx in front of `behind` (`host:port`). It returns from starting when it listens.
    pub(crate) fn start(folder: &Path, behind: &str) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).context("a free port")?.port();
        let configuration = folder.join("nginx.conf");
        fs::write(&configuration, configured(folder, behind, port))?;
        let proxy = Self { configuration, base: format!("http://127.0.0.1:{port}") };
        let output = proxy.nginx().output().context("nginx cannot be started (apt: nginx-light)")?;
        ensure!(output.status.success(), "nginx: {}", String::from_utf8_lossy(&output.stderr));
        Ok(proxy)
    }

    /// `http://host:port`
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    fn nginx(&self) -> Command {
        let mut command = Command::new("nginx");
        command.arg("-e").arg("stderr").arg("-c").arg(&self.configuration);
        command
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _stopped = self.nginx().args(["-s", "stop"]).output();
    }
}

/// Connections to the node are kept, as between any two serious programs; bodies stay in memory; nothing is logged.
fn configured(folder: &Path, behind: &str, port: u16) -> String {
    let folder = folder.display();
    format!(
        "worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_body_buffer_size 64k;
  keepalive_requests 100000000;
  upstream node {{ server {behind}; keepalive 64; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://node;
      proxy_http_version 1.1;
      proxy_set_header Connection \"\";
      proxy_buffers 16 64k;
      proxy_buffer_size 64k;
    }}
  }}
}}
"
    )
}
