//! The API document as a whole. A change of it is a change for every client: look at the difference, then accept it.

use std::collections::BTreeSet;

use app::api::BASE;
use serde_json::Value;
use tests::{Backend, TestApp, run};

#[test]
fn the_document_is_what_clients_know() {
    let document = serde_json::to_value(server::document()).unwrap();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_json_snapshot!("openapi", document);
    });
}

#[test]
fn every_call_is_in_it_once() {
    let document = serde_json::to_value(server::document()).unwrap();
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            described.insert(format!(
                "{} {path} {}",
                method.to_uppercase(),
                operation["operationId"].as_str().unwrap()
            ));
            assert!(operation["summary"].as_str().is_some_and(|text| text.len() > 10), "{path} has no summary");
            let named = path.split('/').filter(|part| part.starts_with('{')).count();
            let parameters = operation["parameters"]
                .as_array()
                .map_or(0, |list| list.iter().filter(|parameter| parameter["in"] == "path").count());
            assert_eq!(named, parameters, "{method} {path} lost a path parameter");
        }
    }
    let mounted: BTreeSet<String> = server::endpoints()
        .iter()
        .map(|call| format!("{} {BASE}{} {}", call.method.as_str(), call.path, call.name))
        .collect();
    assert_eq!(mounted, described);
    let names: BTreeSet<&str> = server::endpoints().iter().map(|call| call.name).collect();
    assert_eq!(names.len(), mounted.len(), "two calls have the same name");
}

#[test]
fn every_reference_leads_somewhere() {
    let document = serde_json::to_value(server::document()).unwrap();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                into.insert(reference.clone());
            }
            map.values().for_each(|value| collect(value, into));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, into)),
        _ => {}
    }
}

#[test]
fn the_document_and_its_page_are_served_without_another_origin() {
    run(Backend::Sqlite, |app: TestApp| async move {
        let document = app.client().fetch("/api/openapi.json").await;
        assert_eq!(document.status, 200);
        assert_eq!(document.json(), serde_json::to_value(server::document()).unwrap());
        let page = app.client().fetch("/api/docs").await;
        assert_eq!(page.status, 200);
        assert!(
            !page.text().contains("//cdn") && !page.text().contains("https://unpkg"),
            "the page loads from elsewhere"
        );
    });
}
