//! What is refused at the door, with a sentence that helps.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;

use super::server::{Running, batch, kentongan, key, must_fail};

#[test]
fn a_taken_port_is_named_with_the_way_out() {
    let folder = tempfile::tempdir().expect("folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("address").to_string();
    let mut command = kentongan(&folder.path().join("data"));
    command.arg("serve").env("KENTONGAN_LISTEN", &address);
    let said = must_fail(command);
    assert!(
        said.contains(&address) && said.contains("KENTONGAN_LISTEN"),
        "{said}"
    );
}

#[test]
fn an_unknown_setting_is_named_with_the_known_ones() {
    let folder = tempfile::tempdir().expect("folder");
    let mut command = kentongan(&folder.path().join("data"));
    command.arg("serve").env("KENTONGAN_LISTENN", "127.0.0.1:1");
    let said = must_fail(command);
    assert!(
        said.contains("KENTONGAN_LISTENN") && said.contains("KENTONGAN_DATA"),
        "{said}"
    );
}

#[test]
fn a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let key = key(&data);
    let running = Running::on(&data);
    let mut second = kentongan(&data);
    second.arg("serve");
    let said = must_fail(second);
    assert!(said.contains("in use by another process"), "{said}");
    assert_eq!(
        running
            .post(&key, batch(0, 10).as_bytes())
            .number("accepted"),
        10
    );
    running.must_count(10);
}

/// As root, permissions bind nobody, so the server runs as a user without rights here.
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    const NOBODY: u32 = 65_534;
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("makes");
    set_mode(folder.path(), 0o755);
    set_mode(&data, 0o555);
    let program = folder.path().join("kentongan");
    let mut command = kentongan(&data);
    if std::fs::write(data.join("probe"), "").is_ok() {
        // Root: the binary goes where nobody may run it.
        std::fs::remove_file(data.join("probe")).expect("removes");
        std::fs::copy(command.get_program(), &program).expect("copies");
        let mut as_nobody = std::process::Command::new(&program);
        as_nobody
            .env_clear()
            .env("KENTONGAN_DATA", &data)
            .env("KENTONGAN_LISTEN", "127.0.0.1:0");
        as_nobody.uid(NOBODY).gid(NOBODY).current_dir(folder.path());
        command = as_nobody;
    }
    command.arg("serve");
    let said = must_fail(command);
    set_mode(&data, 0o755);
    let path = data.display().to_string();
    assert!(said.contains(&path), "the folder is not named: {said}");
    let why = [
        "permission",
        "read-only",
        "readonly",
        "unable to open",
        "cannot be written",
    ];
    assert!(
        why.iter().any(|word| said.to_lowercase().contains(word)),
        "{said}"
    );
    assert_eq!(
        std::fs::read_dir(&data).expect("reads").count(),
        0,
        "something was written"
    );
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("permissions");
}
