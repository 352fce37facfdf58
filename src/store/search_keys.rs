//! Search keys for records that have none: an older version wrote them, and no SQL can fold text as the program does.

use super::fault::failed;
use super::people::person_search;
use super::records::StoreError;
use super::search::key;
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

/// How many records are read at once.
const BATCH: i64 = 500;

/// A table of records that are searched: which of them should have a key, and what it is made of.
struct Searched {
    table: &'static str,
    /// As the table's index `…_without_key` has it.
    without: &'static str,
    texts: &'static str,
    key: fn(&Texts) -> String,
}

/// A record's id, and its texts.
type Texts = (String, String, Option<String>, Option<String>, Option<String>);

const SEARCHED: [Searched; 4] = [
    Searched { table: "institution", without: "search = ''", texts: "name, NULL, NULL, NULL", key: plain },
    Searched {
        table: "person",
        without: "search = '' AND erased_at IS NULL AND merged_into IS NULL",
        texts: "name, sign_in, mail, external_id",
        key: person,
    },
    Searched { table: "course", without: "search = ''", texts: "title, sector, level, description", key: plain },
    Searched { table: "course_group", without: "search = ''", texts: "name, NULL, NULL, NULL", key: plain },
];

fn plain((_, first, second, third, fourth): &Texts) -> String {
    let others = [second, third, fourth].into_iter().filter_map(|text| text.as_deref());
    key([first.as_str()].into_iter().chain(others))
}

fn person((_, name, sign_in, mail, external_id): &Texts) -> String {
    person_search(name, sign_in.as_deref(), mail.as_deref(), external_id.as_deref())
}

impl Searched {
    fn select(&self) -> String {
        let Self { table, without, texts, .. } = self;
        format!("SELECT id, {texts} FROM {table} WHERE {without} AND id > $1 ORDER BY id LIMIT $2")
    }

    fn update(&self) -> String {
        format!("UPDATE {} SET search = $1 WHERE id = $2 AND search = ''", self.table)
    }
}

/// A connection that sees every institution's rows.
pub(super) trait SearchKeys {
    /// Gives every record without a search key its own. Where all have one, it looks at four indexes.
    async fn fill_search_keys(&mut self) -> Result<(), StoreError>;
}

macro_rules! search_keys {
    ($connection:ty) => {
        impl SearchKeys for $connection {
            async fn fill_search_keys(&mut self) -> Result<(), StoreError> {
                for searched in &SEARCHED {
                    let mut last = String::new();
                    loop {
                        // Words of this program only.
                        let without: Vec<Texts> = sqlx::query_as(AssertSqlSafe(searched.select()))
                            .bind(&last)
                            .bind(BATCH)
                            .fetch_all(&mut *self)
                            .await
                            .map_err(failed)?;
                        let Some(end) = without.last() else { break };
                        last.clone_from(&end.0);
                        let mut transaction = self.begin().await.map_err(failed)?;
                        for record in &without {
                            sqlx::query(AssertSqlSafe(searched.update()))
                                .bind((searched.key)(record))
                                .bind(&record.0)
                                .execute(&mut *transaction)
                                .await
                                .map_err(failed)?;
                        }
                        transaction.commit().await.map_err(failed)?;
                    }
                }
                Ok(())
            }
        }
    };
}

search_keys!(SqliteConnection);
search_keys!(PgConnection);
