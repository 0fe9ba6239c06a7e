//! The gaps of real rule books, and the two sides of compiling.

use proptest::prelude::*;

use super::changes::{changes, values};
use super::compile::compile;
use super::lint::{Fault, Finding, lint};
use super::*;
use crate::approval::cases::Cases;
use crate::approval::definition::{Definition, NodeKind};
use crate::approval::{lint as engine, templates as definitions};
use crate::leave::types::{BUILTIN, Catalogue, LEAVING_TOWN, LeaveType};
use Approver::{DepartmentHead, Overseer, PoliticalDepartment, President};

fn template(name: &str) -> Matrix {
    templates::all().into_iter().find(|template| template.name == name).expect("a template").matrix
}

/// A fault with its row and the half days for which it happens.
type Found = (Fault, Option<usize>, Option<(i64, Option<i64>)>);

fn found(matrix: &Matrix) -> Vec<Found> {
    let range = |range: Range| (range.from, range.below);
    lint(matrix, &Catalogue::default())
        .into_iter()
        .map(|finding| (finding.fault, finding.row, finding.range.map(range)))
        .collect()
}

/// What the definition asks: the rules of its nodes that apply, in order, those of copies last.
fn asked(definition: &Definition, class: PostClass, leave_type: &str, half_days: i64) -> Vec<NodeKind> {
    let values = values(class, leave_type, half_days);
    definition.nodes.iter().filter(|node| node.when.holds(&values)).map(|node| node.kind.clone()).collect()
}

/// What the cell of the matrix asks.
fn written(matrix: &Matrix, class: PostClass, leave_type: &str, half_days: i64) -> Vec<NodeKind> {
    let Some(hit) = matrix.decides(class, leave_type, half_days) else { return Vec::new() };
    let copies = hit.route.copies.iter().collect::<BTreeSet<_>>();
    let copies = copies.into_iter().map(|copy| NodeKind::Copy { to: vec![copy.rule()] });
    hit.route.steps.iter().map(Step::kind).chain(copies).collect()
}

#[test]
fn the_rules_of_jinghu_2012_leave_exactly_the_gaps_that_their_text_leaves() {
    let matrix = templates::jinghu();
    let gap = |row, from, below| (Fault::Gap, Some(row), Some((from, Some(below))));
    // Staff above 1 day up to 2 days, heads above half a day up to 1 day.
    assert_eq!(found(&matrix), [gap(0, 3, 5), gap(1, 2, 3)]);
    let texts = lint(&matrix, &Catalogue::default()).into_iter().map(|finding| finding.text).collect::<Vec<_>>();
    assert_eq!(
        texts,
        [
            "一般干警、部门副职请各种假别，1.5至2天没有人审批，请补上这一档",
            "部门负责人请各种假别，1天没有人审批，请补上这一档"
        ]
    );
    let at = |class, half_days| matrix.decides(class, "annual", half_days).map(|hit| hit.route.level());
    assert_eq!([1, 2, 3, 4, 5, 99].map(|half_days| at(PostClass::Staff, half_days)), {
        [Some(Some(1)), Some(Some(2)), None, None, Some(Some(3)), Some(Some(3))]
    });
    assert!(lint(&matrix, &Catalogue::default()).iter().all(|finding| finding.blocking));
}

#[test]
fn every_template_says_what_its_source_says() {
    let names = templates::all().into_iter().map(|template| template.name).collect::<BTreeSet<_>>();
    assert_eq!(names.len(), templates::all().len());
    assert!(templates::all().iter().all(|template| !template.source.is_empty()));
    assert_eq!(found(&template("standard")), []);
    let gap = |row, from, below| (Fault::Gap, Some(row), Some((from, below)));
    assert_eq!(found(&template("basic_2003")), [(Fault::NoRow, None, None), gap(1, 1, Some(2))]);
    assert_eq!(found(&template("shihe_2017")), [gap(0, 3, Some(4)), gap(1, 5, Some(6)), gap(2, 1, Some(2))]);
    assert_eq!(found(&template("county")), [gap(0, 7, Some(8))]);
}

#[test]
fn the_standard_table_is_the_definition_that_comes_with_the_program() {
    let compiled = compile(&templates::standard());
    assert_eq!(changes(&definitions::leave(), &compiled, &Catalogue::default()), []);
    assert_eq!(engine::lint(&compiled, &[]), []);
    assert_eq!(compiled.nodes.len(), definitions::leave().nodes.len(), "as plain as what somebody wrote");
    for node in &compiled.nodes {
        let cases = Cases::of(&node.when).map(|cases| cases.condition());
        assert_eq!(cases.as_ref(), Some(&node.when), "can be edited as a definition");
    }
}

#[test]
fn what_changes_is_told_for_all_whom_it_concerns_at_once() {
    let mut matrix = templates::standard();
    let band = &mut matrix.rows[0].cells[0].bands;
    band[1].to = Some(Bound::at(10));
    band[2].from = Some(Bound::beyond(10));
    let changes = changes(&definitions::leave(), &compile(&matrix), &Catalogue::default());
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(change.classes, [PostClass::Staff, PostClass::DepartmentDeputy]);
    assert_eq!((change.leave_types.len(), change.range), (0, Range { from: 7, below: Some(11) }));
    assert_eq!(change.before, "部门负责人审批 → 分管院领导审批 → 院长审批");
    assert_eq!(change.after, "部门负责人审批 → 分管院领导审批");
}

fn cell(bands: Vec<Band>) -> Matrix {
    let mut matrix = templates::standard();
    matrix.rows[0].cells[0].bands = bands;
    matrix
}

fn band(from: Option<Bound>, to: Option<Bound>, approvers: &[Approver]) -> Band {
    Band { from, to, route: Route::through(approvers) }
}

#[test]
fn bands_are_read_as_a_rule_book_means_them() {
    let ranges = |bands: &[(Option<Bound>, Option<Bound>)]| {
        let bands = bands.iter().map(|(from, to)| band(*from, *to, &[President])).collect::<Vec<_>>();
        bands::read(&bands).into_iter().map(|range| (range.from, range.below)).collect::<Vec<_>>()
    };
    let (at, beyond) = (Bound::at, Bound::beyond);
    let growing = [(None, Some(at(1))), (None, Some(at(2))), (Some(beyond(2)), None)];
    assert_eq!(ranges(&growing), [(1, Some(2)), (2, Some(3)), (3, None)]);
    let least = [(None, Some(beyond(2))), (Some(at(2)), None), (Some(at(6)), None)];
    assert_eq!(ranges(&least), [(1, Some(2)), (2, Some(6)), (6, None)]);
    assert_eq!(ranges(&[(Some(at(6)), None), (None, Some(at(4)))]), [(6, None), (1, Some(5))], "in any order");
    assert_eq!(ranges(&[(None, Some(at(1))), (None, None)]), [(1, Some(2)), (2, None)], "the rest");
    assert_eq!(ranges(&[(Some(at(2)), Some(at(6)))]), [(2, Some(7))], "1 to 3 days, at its word");
    assert_eq!(ranges(&[(None, None)]), [(1, None)]);
    let texts = [
        (band(None, Some(at(1)), &[]), "0.5天以内"),
        (band(None, Some(beyond(2)), &[]), "不满1天"),
        (band(Some(beyond(4)), None, &[]), "超过2天"),
        (band(Some(at(2)), Some(at(6)), &[]), "1至3天"),
        (band(Some(beyond(2)), Some(at(6)), &[]), "超过1天、3天以内"),
        (band(None, None, &[]), "其余天数"),
    ];
    for (band, text) in texts {
        assert_eq!(band.text(), text);
    }
    let every = band(None, None, &[]);
    assert_eq!(every.text_among(std::slice::from_ref(&every)), "不论天数");
}

#[test]
fn what_contradicts_itself_is_named() {
    let (at, beyond) = (Bound::at, Bound::beyond);
    let twice = cell(vec![band(None, Some(at(6)), &[DepartmentHead]), band(Some(at(4)), None, &[Overseer])]);
    let overlap = (Fault::Overlap, Some(0), Some((4, Some(7))));
    assert_eq!(found(&twice), [overlap]);
    let text = &lint(&twice, &Catalogue::default())[0].text;
    assert!(text.contains("2至3天有两种规定：“3天以内”由部门负责人审批，“2天以上”由分管院领导审批"), "{text}");

    let never = cell(vec![band(None, None, &[DepartmentHead]), band(Some(at(8)), Some(at(4)), &[President])]);
    assert_eq!(found(&never)[0].0, Fault::Gap, "the band above has ended for one that never begins");
    let same = cell(vec![band(None, Some(at(2)), &[Overseer]), band(None, Some(at(2)), &[Overseer]), {
        band(Some(beyond(2)), None, &[President])
    }]);
    assert_eq!(found(&same), [(Fault::Unreachable, Some(0), None)], "said twice is no contradiction");

    let lower = cell(vec![band(None, Some(at(2)), &[President]), band(Some(beyond(2)), None, &[Overseer])]);
    assert_eq!(found(&lower), [(Fault::LowerAbove, Some(0), None)]);
    assert!(!lint(&lower, &Catalogue::default())[0].blocking);
    assert_eq!(found(&cell(vec![])), [(Fault::Gap, Some(0), Some((1, None)))]);
    assert_eq!(found(&cell(vec![band(None, None, &[])]))[0].0, Fault::NoStep);
}

#[test]
fn nobody_decides_on_his_own_leave_and_nobody_twice() {
    let mut own = templates::standard();
    own.rows[1].cells[0].bands = vec![band(None, None, &[DepartmentHead, President])];
    let findings = lint(&own, &Catalogue::default());
    assert_eq!((findings[0].fault, findings[0].row), (Fault::OwnPost, Some(1)));
    assert!(findings[0].text.contains("部门负责人不能由本级审批自己的请假"), "{}", findings[0].text);
    own.rows[3].cells[0].bands = vec![band(None, None, &[President])];
    assert_eq!(lint(&own, &Catalogue::default()).iter().filter(|finding| finding.fault == Fault::OwnPost).count(), 2);

    let mut joint = band(None, None, &[DepartmentHead]);
    joint.route.steps[0].approvers.push(PoliticalDepartment);
    assert_eq!(found(&cell(vec![joint.clone()])), [(Fault::BadStep, Some(0), None)]);
    joint.route.steps[0].approvers[1] = Overseer;
    assert_eq!(found(&cell(vec![joint])), []);
    let again = band(None, None, &[DepartmentHead, DepartmentHead]);
    assert_eq!(found(&cell(vec![again])), [(Fault::BadStep, Some(0), None)]);
}

#[test]
fn classes_and_types_belong_somewhere_and_nowhere_twice() {
    let mut matrix = templates::standard();
    matrix.columns[0].leave_types = vec!["annual".to_owned(), "annual".to_owned(), "moon".to_owned()];
    matrix.rows[1].classes = vec![PostClass::Staff];
    let faults = found(&matrix).into_iter().map(|(fault, ..)| fault).collect::<Vec<_>>();
    let [double, unknown, no_column, double_row, no_row, shadowed] = faults[..] else { panic!("{faults:?}") };
    assert_eq!((double, unknown, no_column), (Fault::Double, Fault::UnknownType, Fault::NoColumn));
    assert_eq!((double_row, no_row, shadowed), (Fault::Double, Fault::NoRow, Fault::Unreachable));
    matrix.rows[1].classes.clear();
    assert_eq!(matrix.row_of(PostClass::DepartmentHead), Some(1), "the row for everybody else");
    assert_eq!(matrix.row_of(PostClass::Staff), Some(0));
}

fn bound() -> impl Strategy<Value = Option<Bound>> {
    let bound = (0i64..12, any::<bool>()).prop_map(|(half_days, included)| Bound { half_days, included });
    proptest::option::of(bound)
}

fn route() -> impl Strategy<Value = Route> {
    let approver = || proptest::sample::select(Approver::ALL.to_vec());
    let step = proptest::collection::vec(approver(), 1..3).prop_map(|approvers| Step { approvers });
    let copies = proptest::collection::vec(approver(), 0..2);
    (proptest::collection::vec(step, 0..4), copies).prop_map(|(steps, copies)| Route { steps, copies })
}

/// Any matrix, sound or not.
fn any_matrix() -> impl Strategy<Value = Matrix> {
    let names = BUILTIN.iter().map(|leave_type| leave_type.name.clone()).collect::<Vec<_>>();
    let types = proptest::collection::vec(proptest::sample::subsequence(names, 0..5), 1..4);
    let classes = proptest::collection::vec(proptest::sample::subsequence(PostClass::ALL.to_vec(), 0..4), 1..5);
    (types, classes).prop_flat_map(|(types, classes)| {
        let band = (bound(), bound(), route()).prop_map(|(from, to, route)| Band { from, to, route });
        let bands = proptest::collection::vec(band, 0..4);
        let cells = proptest::collection::vec(bands, types.len() * classes.len());
        let columns = types.into_iter().enumerate().map(|(place, leave_types)| Column {
            key: format!("column_{place}"),
            title: format!("第{place}组"),
            leave_types,
        });
        let columns = columns.collect::<Vec<_>>();
        cells.prop_map(move |mut cells| {
            let rows = classes.iter().map(|classes| {
                let of_row = columns.iter().zip(cells.drain(..columns.len()));
                let cells = of_row.map(|(column, bands)| Cell { column: column.key.clone(), bands }).collect();
                Row { classes: classes.clone(), cells }
            });
            Matrix { name: "请假审批".to_owned(), rows: rows.collect(), columns: columns.clone() }
        })
    })
}

/// Every case that can make a difference.
fn every_case() -> impl Iterator<Item = (PostClass, &'static str, i64)> {
    let types = BUILTIN.iter().map(|leave_type| leave_type.name.as_str());
    types.flat_map(|name| PostClass::ALL.iter().flat_map(move |class| (1..16).map(move |half| (*class, name, half))))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn the_definition_asks_whom_the_cell_names(matrix in any_matrix()) {
        let definition = compile(&matrix);
        for (class, leave_type, half_days) in every_case() {
            prop_assert_eq!(
                asked(&definition, class, leave_type, half_days),
                written(&matrix, class, leave_type, half_days),
                "{:?} {} {}", class, leave_type, half_days
            );
        }
        let keys = definition.nodes.iter().map(|node| &node.key).collect::<BTreeSet<_>>();
        prop_assert_eq!(keys.len(), definition.nodes.len());
    }

    #[test]
    fn a_matrix_that_can_be_published_leaves_nobody_without_an_approver(matrix in any_matrix()) {
        let decides = |class, leave_type, half_days| {
            matrix.decides(class, leave_type, half_days).is_some_and(|hit| !hit.route.steps.is_empty())
        };
        let is_complete = every_case().all(|(class, leave_type, half_days)| decides(class, leave_type, half_days));
        let blocking = lint(&matrix, &Catalogue::default()).into_iter().filter(|finding| finding.blocking).collect::<Vec<_>>();
        prop_assert!(is_complete || !blocking.is_empty());
        if is_complete {
            let gap = |finding: &Finding| matches!(finding.fault, Fault::Gap | Fault::NoRow | Fault::NoColumn);
            prop_assert!(!blocking.iter().any(gap), "{:?}", blocking);
        }
        if blocking.is_empty() {
            let faults = engine::lint(&compile(&matrix), &[]);
            let gap = |fault: &engine::Fault| matches!(fault, engine::Fault::Gap { .. } | engine::Fault::Unreachable { .. });
            prop_assert!(!faults.iter().any(gap), "{:?}", faults);
        }
    }

    #[test]
    fn a_matrix_survives_its_file(matrix in any_matrix()) {
        let text = serde_json::to_string(&matrix).expect("plain data");
        prop_assert_eq!(serde_json::from_str::<Matrix>(&text).expect("a matrix"), matrix);
    }
}

#[test]
fn a_report_goes_to_the_next_leader_alone_with_a_copy() {
    for template in templates::all() {
        for class in PostClass::ALL {
            let Some(hit) = template.matrix.decides(*class, &LEAVING_TOWN.name, 1) else {
                assert_eq!(template.matrix.row_of(*class), None, "{} {class:?}", template.name);
                continue;
            };
            let [step] = hit.route.steps.as_slice() else { panic!("{:?}", hit.route) };
            assert!(step.approvers.iter().all(|approver| !approver.is_own_post_of(*class)), "{class:?}");
            assert_eq!((hit.range.below, hit.route.copies.as_slice()), (None, [PoliticalDepartment].as_slice()));
        }
    }
}

#[test]
fn a_band_that_no_report_reaches_is_named() {
    let mut matrix = templates::standard();
    let reports = matrix.column_of(&LEAVING_TOWN.name).expect("a column of its own");
    let bands =
        vec![band(None, Some(Bound::at(2)), &[DepartmentHead]), band(Some(Bound::beyond(2)), None, &[President])];
    matrix.rows[0].cells[reports].bands = bands.clone();
    assert_eq!(found(&matrix), [(Fault::Unreachable, Some(0), None)]);
    assert_eq!(lint(&matrix, &Catalogue::default())[0].band, Some(1));
    matrix.columns[reports].leave_types.push("annual".to_owned());
    assert_eq!(found(&matrix), [], "annual leave goes by days");
}

#[test]
fn approvers_are_known_by_their_names() {
    for approver in Approver::ALL {
        assert_eq!(Approver::parse(approver.as_str()), Some(approver));
        assert_eq!(serde_json::to_value(approver).expect("a name"), approver.as_str());
    }
    let levels = Approver::ALL.into_iter().filter_map(Approver::level).collect::<Vec<_>>();
    assert_eq!(levels, [1, 2, 3, 4], "the lowest first");
}

#[test]
fn a_type_that_hr_adds_belongs_into_a_column() {
    let own = Catalogue::new(vec![LeaveType::own("献血假").expect("a title")]);
    let mut matrix = templates::standard();
    assert_eq!(lint(&matrix, &own), [], "the column of the other types has it");
    let others = matrix.column_of("献血假").expect("a column of the others");
    let known = BUILTIN.iter().filter(|known| known.name != LEAVING_TOWN.name);
    let known = known.map(|known| known.name.clone()).collect();
    matrix.columns[others].leave_types = known;
    let faults: Vec<Fault> = lint(&matrix, &own).into_iter().map(|finding| finding.fault).collect();
    assert_eq!(faults, [Fault::NoColumn]);
    matrix.columns[others].leave_types.push("献血假".to_owned());
    assert_eq!(lint(&matrix, &own), []);
}
