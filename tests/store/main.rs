//! The store's contract: the same tests on SQLite and on a real PostgreSQL.

mod alarms;
mod announcing;
mod applying;
mod courses;
mod durability;
mod groups;
mod imports;
mod isolation;
mod ledgers;
mod log;
mod migrations;
mod offices;
mod opening;
mod own;
mod people;
mod places;
mod quality;
mod reporting;
mod retention;
mod school;
mod scratch;
mod sharing;
mod signing_in;
mod signs;
#[path = "../support/statements.rs"]
mod statements;
mod sums;
mod timetable;
mod ways_in;
mod webhooks;

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
    alarms:
        an_alarm_is_raised_once_and_told_once,
        alarms_are_listed_by_branch_and_by_what_is_asked,
        an_alarm_is_taken_by_one_and_commented_on,
        who_is_told_of_alarms_by_mail_is_who_wants_it,
        a_board_reads_what_is_planned_around_now;
    courses:
        a_course_is_found_changed_and_archived,
        a_programme_keeps_its_units_ids,
        only_trainers_of_the_institution_teach,
        a_course_of_another_institution_is_not_there,
        files_stay_within_the_quota,
        the_catalogue_finds_what_is_offered_by_beginnings_of_words;
    announcing:
        an_announcement_goes_out_by_mail_once_to_each;
    applying:
        who_is_accepted_gets_an_account_and_a_place,
        a_sign_in_name_that_another_institution_has_is_not_taken_twice,
        the_waiting_list_moves_up_in_its_order,
        another_institution_decides_nothing,
        everybody_is_told_what_concerns_them;
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
    signs:
        a_run_gives_signs_of_life_and_the_newest_run_comes_first;
    signing_in:
        a_link_sets_a_password_once_and_ends_what_was_open,
        a_new_link_replaces_the_one_before,
        sessions_are_ended_one_by_one_or_all_but_one,
        a_guests_places_go_over_to_who_signs_in_and_a_members_do_not,
        the_first_start_makes_all_or_nothing;
    ways_in:
        an_identity_belongs_to_one_person,
        a_key_is_found_by_its_secret_and_ended_by_its_institution,
        a_request_is_noted_once_and_forgotten_with_time,
        a_code_is_used_once;
    ledgers:
        a_lesson_is_sealed_once_and_with_its_institutions_key,
        a_correction_is_appended_and_counts,
        lessons_that_end_at_the_same_time_are_sealed_with_one_key;
    isolation:
        another_institution_sees_and_changes_nothing,
        rows_of_two_institutions_do_not_mix;
    timetable:
        of_two_who_want_one_slot_one_gets_it,
        a_venue_is_in_one_lesson_at_a_time_and_holds_the_group,
        a_change_goes_as_far_as_it_says,
        what_has_begun_is_not_changed,
        a_series_that_does_not_fit_moves_nothing,
        clocks_that_change_leave_lessons_where_the_wall_has_them,
        what_is_called_off_stays_and_leaves_its_slot,
        who_is_replaced_is_turned_away,
        holidays_hold_for_all_that_their_institution_reaches,
        a_holiday_says_what_falls_on_it_and_calls_it_off,
        another_institutions_timetable_is_not_there;
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
    quality:
        a_lessons_minutes_are_kept_in_order,
        a_minute_that_a_restart_cut_in_two_is_one;
    reporting:
        a_persons_reports_are_their_own,
        a_report_is_mailed_once_whenever_the_server_stops,
        who_may_not_read_a_report_any_more_gets_none,
        trainees_records_are_what_their_lessons_come_to;
    retention:
        lessons_records_go_when_their_periods_are_over,
        a_shorter_period_and_no_minors_hold_from_then_on,
        a_run_that_is_cut_off_goes_on_and_tells_each_row_once,
        a_deleted_ledger_is_known_by_its_seal,
        an_audit_log_without_its_old_end_still_verifies,
        other_rows_go_by_their_age;
    people:
        a_person_is_found_changed_and_disabled,
        two_accounts_of_one_person_become_one,
        who_is_erased_leaves_a_pseudonym_and_nothing_else;
    groups:
        a_group_is_found_changed_and_archived,
        a_group_takes_as_many_as_it_has_places_for;
    imports:
        a_table_of_people_is_written_whole_or_not_at_all,
        a_table_of_groups_is_written_whole_or_not_at_all,
        a_table_of_lessons_is_planned_whole_or_not_at_all;
    offices:
        institutions_are_founded_changed_and_closed,
        a_room_is_made_changed_and_archived,
        webhooks_are_told_and_tried_again,
        an_account_keeps_its_name_and_its_secrets,
        announcements_are_listed_by_who_wrote_them,
        a_dump_is_taken_in_by_the_other_kind_of_database;
    migrations:
        a_school_of_the_first_version_is_all_there,
        a_school_of_the_second_version_is_all_there;
    webhooks:
        what_happens_to_a_lesson_is_told_once_to_those_who_asked,
        a_lesson_is_overdue_while_it_is_on_air_past_its_end;
    sums:
        kept_sums_are_what_adding_all_up_anew_gives,
        a_rebuild_puts_right_what_is_wrong_and_keeps_what_has_no_records,
        an_older_store_is_counted_little_by_little,
        an_institution_takes_its_sums_to_another_region,
        who_is_merged_takes_lessons_along,
        a_lesson_that_begins_late_counts_when_it_is_over,
        a_seeded_country_has_the_sums_of_its_lessons,
        what_changes_at_the_same_time_is_counted_once;
    durability:
        what_was_acknowledged_survives_kill_9;
}
