//! What the store has no call for yet, written behind its back: memberships, and other facts about the timetable.

use super::Server;
use super::members::Member;
use sqlx::ConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

impl Server {
    /// Runs a statement on the server's database.
    pub async fn execute(&self, sql: &'static str, values: &[&str]) {
        let options = SqliteConnectOptions::new().filename(self.database()).disable_statement_logging();
        let mut connection = options.connect().await.expect("the database");
        let mut query = sqlx::query(sql);
        for value in values {
            query = query.bind((*value).to_owned());
        }
        query.execute(&mut connection).await.expect("the statement");
    }

    /// Makes somebody a trainee of every group of their institution.
    pub async fn enrol(&self, member: Member) {
        let (institution, person) = (member.institution.to_string(), member.person.to_string());
        self.execute(
            "INSERT INTO group_member (institution, course_group, person, since)
             SELECT institution, id, $2, 0 FROM course_group WHERE institution = $1",
            &[&institution, &person],
        )
        .await;
    }

    /// Makes somebody the trainer of every lesson and course of their institution.
    pub async fn entrust(&self, member: Member) {
        let (institution, person) = (member.institution.to_string(), member.person.to_string());
        let both = [institution.as_str(), person.as_str()];
        self.execute("UPDATE lesson SET trainer = $2 WHERE institution = $1", &both).await;
        self.execute(
            "INSERT INTO course_trainer (institution, course, person)
             SELECT institution, id, $2 FROM course WHERE institution = $1",
            &both,
        )
        .await;
    }
}
