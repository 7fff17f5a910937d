//! The private database servers do what they say.

use shuqiao_testkit::{mariadb::MariadbServer, postgres::PostgresServer};
use std::net::TcpStream;

#[test]
fn a_private_server_serves_and_goes() {
    let server = PostgresServer::start().unwrap();
    let url = server.create_database("first").unwrap();
    assert_eq!(url, server.url("first"));
    server.execute("first", "CREATE TABLE t (n int); INSERT INTO t VALUES (1);").unwrap();

    let wrong = server.execute("first", "SELECT * FROM absent;").unwrap_err().to_string();
    assert!(wrong.contains("absent"), "{wrong}");

    server.stop().unwrap();
    server.execute("first", "SELECT 1;").unwrap_err();
    server.start_again().unwrap();
    server.execute("first", "INSERT INTO t VALUES (2);").unwrap();

    let port = server.port();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    drop(server);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn two_servers_do_not_meet() {
    let (one, other) = (PostgresServer::start().unwrap(), PostgresServer::start_durable().unwrap());
    assert_ne!(one.port(), other.port());
    one.create_database("only_here").unwrap();
    other.execute("only_here", "SELECT 1;").unwrap_err();
}

#[test]
fn a_private_mariadb_serves_and_goes() {
    let server = MariadbServer::start().unwrap();
    server.create_database("first").unwrap();
    server.execute("first", "CREATE TABLE t (n int); INSERT INTO t VALUES (1);").unwrap();

    let wrong = server.execute("first", "SELECT * FROM absent;").unwrap_err().to_string();
    assert!(wrong.contains("absent"), "{wrong}");

    server.stop().unwrap();
    server.execute("first", "SELECT 1;").unwrap_err();
    server.start_again().unwrap();
    server.execute("first", "INSERT INTO t VALUES (2);").unwrap();

    let (port, socket) = (server.port(), server.socket());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok() && socket.exists());
    drop(server);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err() && !socket.exists());
}
