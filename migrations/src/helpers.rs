//! What every step says again and again.

use sea_orm_migration::prelude::*;

/// An empty table of this name.
pub(crate) fn table(table: &'static str) -> TableCreateStatement {
    Table::create().table(table).to_owned()
}

/// A reference from a column to the `id` of another table. Deleting what is referred to is refused.
pub(crate) fn refers(from: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(from, column).to(to, "id").to_owned()
}

/// An index over columns, named after its table and columns.
pub(crate) fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut statement = Index::create();
    statement.table(table).name(format!("ix_{table}_{}", columns.join("_")));
    for column in columns {
        statement.col(*column);
    }
    statement.to_owned()
}

/// A unique index over columns.
pub(crate) fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(table, columns).unique().to_owned()
}

/// Drops tables, the last first.
pub(crate) async fn drop_all(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}
