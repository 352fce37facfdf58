//! The store's contract: the same tests on SQLite and on a real PostgreSQL.

mod durability;
mod isolation;
mod log;
mod opening;
mod own;
mod places;
mod school;
mod scratch;
mod sharing;

/// Makes each test of the contract twice: once on a scratch SQLite file, once on a scratch PostgreSQL database.
macro_rules! contract {
    ($($module:ident: $($test:ident),+ ;)+) => {
        mod sqlite {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    crate::$module::$test(crate::scratch::Scratch::sqlite()).await;
                }
            )+)+
        }

        mod postgres {
            $($(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    crate::$module::$test(crate::scratch::Scratch::postgres().await).await;
                }
            )+)+
        }
    };
}

contract! {
    school:
        a_lesson_comes_back_with_everything_on_its_card,
        what_refers_to_nothing_is_refused,
        a_lesson_that_is_moved_has_its_new_times;
    log:
        events_come_back_in_order_as_they_were,
        every_kind_of_event_survives,
        reading_goes_on_where_it_stopped,
        an_append_that_does_not_continue_the_log_conflicts_and_writes_nothing,
        of_many_writers_at_one_position_one_wins,
        a_long_batch_is_appended_whole,
        the_phase_is_what_the_last_append_said;
    places:
        a_session_has_one_place_by_one_invitation,
        devices_have_as_many_places_as_they_come,
        a_barred_place_stays_barred_since_the_first_time,
        an_invitation_is_found_by_its_secret_only,
        a_session_that_was_revoked_says_so;
    sharing:
        writers_at_the_same_time_do_not_disturb_each_other,
        a_writer_that_goes_away_in_the_middle_holds_nobody_up;
    isolation:
        another_institution_sees_and_changes_nothing,
        rows_of_two_institutions_do_not_mix;
    opening:
        what_was_written_is_there_after_closing,
        a_second_server_is_refused_and_told_why,
        a_newer_schema_is_refused;
    own:
        a_timetable_has_the_lessons_of_the_groups_and_those_that_one_gives,
        a_lesson_that_somebody_else_gives_stands_with_both_trainers,
        a_standing_follows_what_somebody_is_now,
        somebodys_own_invitation_is_one_however_often_it_is_made,
        what_is_spent_adds_up_over_a_persons_places,
        attendance_is_written_once_and_summed_by_month,
        a_calendar_feed_is_found_by_its_newest_secret_only,
        guest_links_are_a_lessons_own_and_nobodys_account,
        an_improvised_lesson_says_what_is_in_its_way,
        announcements_reach_those_whom_they_are_for,
        a_guests_places_go_over_to_who_signs_in;
    durability:
        what_was_acknowledged_survives_kill_9;
}
