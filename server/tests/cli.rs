//! The command line as an administrator uses it: the binary itself, on a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// An officer of the sample roster.
const OFFICER: &str = "000003";

struct Installation {
    folder: PathBuf,
}

impl Installation {
    /// An empty one, named after its test.
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // What an earlier run has left.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("the folder of the tests is writable");
        Self { folder }
    }

    fn run_in(&self, data: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_fingertip"))
            .env_remove("DATABASE_URL")
            .arg("--data")
            .arg(self.folder.join(data))
            .args(arguments)
            .output()
            .expect("the binary starts")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_in("data", arguments)
    }

    /// What a call prints that succeeds.
    fn print(&self, arguments: &[&str]) -> String {
        printed(&self.run(arguments))
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

fn printed(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout).trim().to_owned()
}

/// The sentence with which a call fails.
fn complaint(output: &Output) -> String {
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.lines().rev().find_map(|line| line.strip_prefix("fingertip: ")).expect("it says why").to_owned()
}

fn roster() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/roster.xlsx").display().to_string()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("it prints JSON and nothing else")
}

#[test]
fn a_roster_is_looked_at_and_imported_and_an_officer_activated() {
    let here = Installation::new("roster");
    let looked = json(&here.print(&["import", "roster", &roster(), "--dry-run", "--json"]));
    assert_eq!((&looked["roster"]["accepted"], &looked["roster"]["changed"]), (&1204.into(), &1204.into()));
    assert!(complaint(&here.run(&["officer", "activate", OFFICER])).contains("工号"), "looking writes nothing");

    assert!(here.print(&["import", "roster", &roster()]).starts_with("干警花名册："));
    let again = json(&here.print(&["import", "roster", &roster(), "--json"]));
    assert_eq!(again["roster"]["changed"], 0);
    let (code, other) = (here.print(&["officer", "activate", OFFICER]), here.print(&["officer", "activate", OFFICER]));
    assert!(code.len() >= 8 && code != other, "a code of one's own each time: {code}");
    assert!(here.run(&["check"]).status.success());

    let text = here.path("notes.xlsx");
    fs::write(&text, "这不是表格").expect("writable");
    assert!(!complaint(&here.run(&["import", "roster", &text])).is_empty());
}

#[test]
fn what_contract_staff_get_is_set() {
    let here = Installation::new("contract-staff");
    assert_eq!(here.print(&["leave", "contract-staff"]), "same");
    for rule in ["none", "7.5", "same"] {
        assert_eq!(here.print(&["leave", "contract-staff", rule]), rule);
        assert_eq!(here.print(&["leave", "contract-staff"]), rule);
    }
    assert_eq!(here.run(&["leave", "contract-staff", "much"]).status.code(), Some(2));
    assert!(here.run(&["check"]).status.success(), "the audit chain holds");
}

#[test]
fn a_notice_is_looked_at_and_brought_in_once() {
    let here = Installation::new("calendar");
    let file = here.path("2027.json");
    let days = r#"[{"name": "元旦", "date": "2027-01-01", "isOffDay": true},
        {"name": "春节", "date": "2027-02-20", "isOffDay": false}]"#;
    fs::write(&file, format!(r#"{{"year": 2027, "papers": [], "days": {days}}}"#)).expect("writable");
    let looked = json(&here.print(&["calendar", "import", &file, "--dry-run", "--json"]));
    assert_eq!((&looked["applied"], &looked["year"]), (&false.into(), &2027.into()));
    assert!(looked["warnings"].to_string().contains("statutory_missing"));
    assert!(here.print(&["calendar", "import", &file, "--dry-run"]).contains("2027-02-20：周末 → 调休上班"));
    let applied = json(&here.print(&["calendar", "import", &file, "--json"]));
    assert_eq!(applied["applied"], true);
    assert!(here.print(&["calendar", "import", &file]).ends_with("无需导入"));
    assert!(here.run(&["check"]).status.success());
    fs::write(&file, r#"{"year": 2027, "days": [{"date": "2027-13-01"}]}"#).expect("writable");
    assert!(complaint(&here.run(&["calendar", "import", &file])).contains("days[0].date"));
}

#[test]
fn a_backup_is_restored_into_an_empty_folder_only() {
    let here = Installation::new("backup");
    here.print(&["import", "roster", &roster()]);
    here.print(&["leave", "contract-staff", "none"]);
    let archive = here.path("archive.zip");
    here.print(&["backup", &archive]);
    printed(&here.run_in("other", &["restore", &archive]));
    assert_eq!(printed(&here.run_in("other", &["leave", "contract-staff"])), "none");
    printed(&here.run_in("other", &["officer", "activate", OFFICER]));
    assert!(here.run_in("other", &["check"]).status.success(), "the key came along: the audit chain holds");
    assert!(complaint(&here.run_in("other", &["restore", &archive])).contains("empty"));
    let text = here.path("notes.zip");
    fs::write(&text, "no archive").expect("writable");
    assert!(complaint(&here.run_in("third", &["restore", &text])).contains("notes.zip"));
    assert!(!here.folder.join("third/fingertip.db").exists());
}
