use super::*;

fn value(insight: &Insight, series: &str) -> Option<String> {
    let text = insight.render(Format::OpenMetrics);
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ').map(str::to_owned))
}

/// Every metric of this module: how it reads before and after what moves it.
#[test]
fn every_metric_moves_with_what_it_counts() {
    type Step = fn(&Insight);
    let steps: [(&str, Step, &str); 15] = [
        ("qism_websocket_connections", Insight::websocket_opened, "1"),
        ("qism_websocket_connections", |i| i.websocket_closed("silent"), "0"),
        ("qism_websocket_closed_total{reason=\"left\"}", |i| i.websocket_closed("left"), "1"),
        ("qism_websocket_messages_total{kind=\"say\"}", |i| i.websocket_message("say"), "1"),
        ("qism_websocket_refusals_total{code=\"forbidden\"}", |i| i.websocket_refusal("forbidden"), "1"),
        (
            "qism_http_requests_total{route=\"/healthz\",method=\"GET\",status=\"200\"}",
            |i| i.http_request("/healthz", "GET", 200, Duration::from_millis(3)),
            "1",
        ),
        ("qism_media_loop_seconds", |i| i.media_looped(Some(Duration::from_millis(500))), "0.5"),
        ("qism_media_loops_total{result=\"failed\"}", |i| i.media_looped(None), "1"),
        ("qism_rooms", Insight::room_opened, "1"),
        ("qism_rooms", Insight::room_closed, "0"),
        ("qism_participants{role=\"trainee\"}", |i| i.participant_connected(Role::Trainee), "1"),
        ("qism_participants{role=\"trainee\"}", |i| i.participant_disconnected(Role::Trainee), "0"),
        ("qism_room_events_total{event=\"said\"}", |i| i.room_event("said"), "1"),
        ("qism_room_commits_total{result=\"ok\"}", |i| i.room_committed(Duration::from_millis(3)), "1"),
        ("qism_room_commits_total{result=\"failed\"}", |i| i.room_commit_failed(Duration::from_secs(1)), "1"),
    ];
    let insight = Insight::default();
    for (series, step, after) in steps {
        assert_ne!(value(&insight, series).as_deref(), Some(after), "{series} before");
        step(&insight);
        assert_eq!(value(&insight, series).as_deref(), Some(after), "{series}");
    }
    assert_eq!(value(&insight, "qism_room_commit_seconds_count").as_deref(), Some("2"));
    let seconds = "qism_http_request_seconds_count{route=\"/healthz\"}";
    assert_eq!(value(&insight, seconds).as_deref(), Some("1"));
    insight.media_event_dropped();
    assert_eq!(value(&insight, "qism_media_events_dropped_total").as_deref(), Some("1"));
}
