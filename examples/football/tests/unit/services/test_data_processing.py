"""Data processing: table-driven tests of the pure transformations on synthetic frames, and of the file pipeline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from src.core.exceptions import DataQualityError, StorageError
from src.services import data_processing as dp
from src.utilities.text import TeamMatcher


def matches(*rows, **extra):
    """Build a frame of matches from (id, kickoff, home, away, home goals, away goals)."""
    frame = pd.DataFrame(rows, columns=["id", "kickoff", "home_team", "away_team", "home_goals", "away_goals"])
    return frame.assign(**extra)


SEASON = matches(
    (1, "2024-03-01T15:00:00Z", "Ajax", "Brest", 2, 0),
    (2, "2024-03-08T15:00:00Z", "Brest", "Ajax", 1, 1),
    (3, "2024-03-15T15:00:00Z", "Ajax", "Celta", 0, 3),
    (4, "2024-03-22T15:00:00Z", "Celta", "Brest", None, None),
)


@pytest.fixture
def season():
    """Four cleaned matches of three teams, the last not yet played."""
    return dp.clean_matches(SEASON)[0]


class TestColumns:
    @pytest.mark.parametrize(
        ("given", "wanted"),
        [
            (["id", "kickoff"], ["id", "kickoff"]),
            ([" Match ID ", "UTC Date"], ["id", "kickoff"]),
            (["Home", "Away", "FTHG", "FTAG"], ["home_team", "away_team", "home_goals", "away_goals"]),
            (["Div", "Attendance"], ["league", "attendance"]),
            ([1, "x"], ["1", "x"]),
        ],
    )
    def test_names_are_brought_into_one_spelling(self, given, wanted):
        frame = pd.DataFrame([range(len(given))], columns=given)
        assert list(dp.standardise_columns(frame).columns) == wanted
        assert list(frame.columns) == given

    def test_two_names_for_one_thing_are_refused(self):
        frame = pd.DataFrame([[1, 2, 3, 4]], columns=["date", "Kickoff", "home", "id"])
        with pytest.raises(DataQualityError, match="columns mean the same: kickoff$") as caught:
            dp.standardise_columns(frame)
        assert caught.value.context == {"columns": ["kickoff"]}

    def test_missing_columns_are_all_named(self):
        frame = pd.DataFrame(columns=["id", "home_team"])
        with pytest.raises(DataQualityError, match="columns are missing: kickoff, away_team$") as caught:
            dp.clean_matches(frame)
        assert caught.value.context == {"columns": ["kickoff", "away_team"]}


class TestCleanMatches:
    def test_clean_rows_come_through_in_order_of_kickoff(self):
        cleaned, report = dp.clean_matches(SEASON.iloc[::-1])
        assert cleaned["id"].tolist() == [1, 2, 3, 4]
        assert cleaned.index.tolist() == [0, 1, 2, 3]
        assert cleaned["kickoff"].iloc[0] == pd.Timestamp("2024-03-01T15:00:00Z")
        assert (report.rows_in, report.rows_out, report.duplicates, report.invalid) == (4, 4, 0, 0)
        assert report.loss == 0.0

    @pytest.mark.parametrize(
        "bad",
        [
            (9, "not a time", "Ajax", "Brest", 1, 0),
            (9, None, "Ajax", "Brest", 1, 0),
            (9, "2024-03-01T15:00:00Z", "", "Brest", 1, 0),
            (9, "2024-03-01T15:00:00Z", "Ajax", "  ", 1, 0),
            (9, "2024-03-01T15:00:00Z", None, "Brest", 1, 0),
            (9, "2024-03-01T15:00:00Z", "Ajax", None, 1, 0),
            (9, "2024-03-01T15:00:00Z", "Ajax", " Ajax", 1, 0),
        ],
        ids=["no time", "time missing", "home blank", "away blank", "home missing", "away missing", "plays itself"],
    )
    def test_rows_that_cannot_be_are_dropped_and_counted(self, bad):
        cleaned, report = dp.clean_matches(matches(bad, (1, "2024-03-01T12:00:00Z", "Ajax", "Brest", 1, 0)))
        assert cleaned["id"].tolist() == [1]
        assert (report.rows_out, report.duplicates, report.invalid) == (1, 0, 1)
        assert report.loss == 0.5

    def test_last_row_of_an_id_stays(self):
        first = (1, "2024-03-01T15:00:00Z", "Ajax", "Brest", None, None)
        last = (1, "2024-03-01T15:00:00Z", "Ajax", "Brest", 2, 1)
        cleaned, report = dp.clean_matches(matches(first, last))
        assert cleaned["home_goals"].tolist() == [2]
        assert (report.rows_in, report.rows_out, report.duplicates, report.invalid) == (2, 1, 1, 0)

    @pytest.mark.parametrize(
        ("given", "wanted"),
        [(2, 2), (0, 0), ("3", 3), (1.0, 1), (-1, None), ("x", None), (None, None)],
    )
    def test_goals_become_whole_numbers_or_missing(self, given, wanted):
        cleaned, _ = dp.clean_matches(matches((1, "2024-03-01T15:00:00Z", "Ajax", "Brest", given, 0)))
        value = cleaned["home_goals"].iloc[0]
        assert cleaned["home_goals"].dtype == "Int64"
        assert pd.isna(value) if wanted is None else value == wanted
        assert cleaned["away_goals"].iloc[0] == 0

    def test_fixtures_without_goal_columns_get_empty_ones(self):
        cleaned, _ = dp.clean_matches(SEASON.drop(columns=["home_goals", "away_goals"]))
        assert cleaned["home_goals"].isna().all()
        assert cleaned["away_goals"].isna().all()

    def test_times_are_turned_to_utc_and_names_trimmed(self):
        cleaned, _ = dp.clean_matches(matches((1, "2024-03-01T15:00:00+02:00", " Ajax ", "Brest\t", 1, 0)))
        assert cleaned["kickoff"].iloc[0] == pd.Timestamp("2024-03-01T13:00:00Z")
        assert cleaned[["home_team", "away_team"]].iloc[0].tolist() == ["Ajax", "Brest"]

    def test_empty_table_is_clean(self):
        cleaned, report = dp.clean_matches(SEASON.iloc[:0])
        assert cleaned.empty
        assert report.loss == 0.0

    def test_input_is_left_alone(self):
        before = SEASON.copy(deep=True)
        dp.clean_matches(SEASON)
        pd.testing.assert_frame_equal(SEASON, before)


class TestTeamsAndOutcomes:
    def test_known_spellings_are_replaced_and_unknown_ones_reported(self, season):
        matcher = TeamMatcher(["AFC Ajax", "Stade Brestois"], {"Brest": "Stade Brestois"})
        renamed, unknown = dp.normalise_teams(season, matcher)
        assert renamed["home_team"].tolist() == ["AFC Ajax", "Stade Brestois", "AFC Ajax", "Celta"]
        assert renamed["away_team"].tolist() == ["Stade Brestois", "AFC Ajax", "Celta", "Stade Brestois"]
        assert unknown == ["Celta"]
        assert season["home_team"].iloc[0] == "Ajax"

    def test_outcome_and_total_follow_from_the_score(self, season):
        labelled = dp.add_outcome(season)
        assert labelled["outcome"].tolist()[:3] == ["home", "draw", "away"]
        assert labelled["total_goals"].tolist()[:3] == [2, 2, 3]
        assert labelled[["outcome", "total_goals"]].iloc[3].isna().all()
        assert "outcome" not in season.columns


class TestTeamRows:
    def test_each_played_match_gives_two_rows_the_home_team_first(self, season):
        rows = dp.team_rows(season)
        assert rows[["match_id", "team", "opponent", "at_home"]].to_numpy().tolist() == [
            [1, "Ajax", "Brest", True],
            [1, "Brest", "Ajax", False],
            [2, "Brest", "Ajax", True],
            [2, "Ajax", "Brest", False],
            [3, "Ajax", "Celta", True],
            [3, "Celta", "Ajax", False],
        ]
        assert rows.index.tolist() == list(range(6))

    def test_goals_and_points_are_seen_from_the_team(self, season):
        rows = dp.team_rows(season).set_index(["match_id", "team"])
        assert rows.loc[(1, "Ajax"), ["scored", "conceded", "points"]].tolist() == [2, 0, 3]
        assert rows.loc[(1, "Brest"), ["scored", "conceded", "points"]].tolist() == [0, 2, 0]
        assert rows.loc[(2, "Ajax"), ["scored", "conceded", "points"]].tolist() == [1, 1, 1]
        assert rows.loc[(3, "Celta"), "points"] == 3

    def test_matches_of_one_time_come_in_order_of_their_id(self):
        same = "2024-03-01T15:00:00Z"
        cleaned, _ = dp.clean_matches(matches((2, same, "Celta", "Dijon", 1, 0), (1, same, "Ajax", "Brest", 1, 0)))
        assert dp.team_rows(cleaned.iloc[::-1])["team"].tolist() == ["Ajax", "Brest", "Celta", "Dijon"]

    def test_half_a_score_is_no_score(self):
        cleaned, _ = dp.clean_matches(
            matches(
                (1, "2024-03-01T15:00:00Z", "Ajax", "Brest", 2, None),
                (2, "2024-03-02T15:00:00Z", "Ajax", "Brest", None, 2),
            )
        )
        assert dp.team_rows(cleaned).empty


class TestRollingForm:
    def test_form_looks_only_at_earlier_matches_of_the_same_team(self, season):
        form = dp.rolling_form(dp.team_rows(season))
        ajax = form[form["team"] == "Ajax"]
        assert np.isnan(ajax["points_form"].iloc[0])
        assert ajax["points_form"].tolist()[1:] == [3.0, 2.0]
        assert ajax["scored_form"].tolist()[1:] == [2.0, 1.5]
        assert ajax["conceded_form"].tolist()[1:] == [0.0, 0.5]

    @pytest.mark.parametrize(("window", "wanted"), [(1, [3, 0, 3]), (2, [3, 1.5, 1.5]), (3, [3, 1.5, 2])])
    def test_window_says_how_far_back(self, window, wanted):
        rows = pd.DataFrame({"team": "Ajax", "points": [3, 0, 3, 1], "scored": [1, 0, 1, 1], "conceded": [0, 1, 0, 1]})
        assert dp.rolling_form(rows, window=window)["points_form"].tolist()[1:] == wanted

    def test_five_matches_are_the_default(self):
        rows = pd.DataFrame({"team": "Ajax", "points": [3, 0, 0, 0, 0, 0, 1], "scored": 0, "conceded": 0})
        assert dp.rolling_form(rows)["points_form"].tolist()[5:] == [0.6, 0.0]

    @pytest.mark.parametrize("window", [0, -1])
    def test_window_without_matches_is_refused(self, season, window):
        with pytest.raises(ValueError, match="window must be at least 1"):
            dp.rolling_form(dp.team_rows(season), window=window)


class TestOdds:
    def quotes(self, *rows):
        return pd.DataFrame(rows, columns=["match_id", "bookmaker", "home", "draw", "away"])

    def test_margin_is_taken_out(self):
        result = dp.implied_probabilities(self.quotes((1, "a", 2.0, 4.0, 4.0), (2, "a", 1.6, 4.0, 5.0)))
        columns = ["home_probability", "draw_probability", "away_probability"]
        assert result["margin"].tolist() == pytest.approx([0.0, 0.075])
        assert result[columns].iloc[0].tolist() == pytest.approx([0.5, 0.25, 0.25])
        assert result[columns].iloc[1].tolist() == pytest.approx([0.625 / 1.075, 0.25 / 1.075, 0.2 / 1.075])

    @pytest.mark.parametrize(
        "bad",
        [(1.0, 4.0, 4.0), (2.0, 0.0, 4.0), (2.0, np.nan, 4.0), (3.5, 3.5, 3.5), (1.5, 2.5, 3.0)],
        ids=["odds of one", "zero", "missing", "margin below zero", "margin too high"],
    )
    def test_quotes_that_cannot_be_real_are_dropped(self, bad):
        result = dp.implied_probabilities(self.quotes((1, "bad", *bad), (1, "good", 2.0, 3.5, 4.0)))
        assert result["bookmaker"].tolist() == ["good"]
        assert result.index.tolist() == [0]

    def test_highest_margin_still_accepted_can_be_set(self):
        quotes = self.quotes((1, "a", 1.6, 4.0, 5.0))
        assert dp.implied_probabilities(quotes, max_margin=0.05).empty
        assert len(dp.implied_probabilities(quotes, max_margin=0.08)) == 1
        assert len(dp.implied_probabilities(self.quotes((1, "b", 1.6, 3.2, 3.2)))) == 1

    def test_sides_have_to_be_there(self):
        with pytest.raises(DataQualityError, match="draw"):
            dp.implied_probabilities(pd.DataFrame({"match_id": [1], "home": [2.0], "away": [3.0]}))

    def test_consensus_is_the_scaled_median_of_the_bookmakers(self):
        frame = pd.DataFrame(
            {
                "match_id": [1, 1, 1, 2],
                "home_probability": [0.5, 0.6, 0.4, 0.2],
                "draw_probability": [0.3, 0.2, 0.4, 0.2],
                "away_probability": [0.2, 0.2, 0.1, 0.6],
            }
        )
        result = dp.consensus(frame)
        assert result["match_id"].tolist() == [1, 2]
        assert result["bookmakers"].tolist() == [3, 1]
        chances = result[["home_probability", "draw_probability", "away_probability"]]
        assert chances.iloc[0].tolist() == pytest.approx([0.5, 0.3, 0.2])
        assert chances.iloc[1].tolist() == pytest.approx([0.2, 0.2, 0.6])
        skewed = dp.consensus(frame.iloc[[0, 2]])
        assert skewed.iloc[0, 1:4].sum() == pytest.approx(1.0)
        assert skewed["home_probability"].iloc[0] == pytest.approx(0.45 / 0.95)


class TestFillingAndClipping:
    @pytest.mark.parametrize(
        ("strategy", "wanted"),
        [
            ("mean", [1.0, 4.0, 10.0, 1.0, 4.0]),
            ("median", [1.0, 1.0, 10.0, 1.0, 1.0]),
            ("previous", [1.0, 1.0, 10.0, 1.0, 1.0]),
            (0, [1.0, 0.0, 10.0, 1.0, 0.0]),
            (2.5, [1.0, 2.5, 10.0, 1.0, 2.5]),
        ],
    )
    def test_gaps_are_filled_as_asked(self, strategy, wanted):
        frame = pd.DataFrame({"x": [1.0, None, 10.0, 1.0, None], "y": [None, 1.0, 2.0, 3.0, 4.0]})
        filled = dp.fill_gaps(frame, {"x": strategy})
        assert filled["x"].tolist() == wanted
        assert np.isnan(filled["y"].iloc[0])
        assert frame["x"].isna().sum() == 2

    def test_gap_before_the_first_value_stays_with_previous(self):
        filled = dp.fill_gaps(pd.DataFrame({"x": [None, 2.0, None, 5.0]}), {"x": "previous"})
        assert np.isnan(filled["x"].iloc[0])
        assert filled["x"].tolist()[1:] == [2.0, 2.0, 5.0]

    def test_unknown_strategy_and_unknown_column_are_refused(self):
        frame = pd.DataFrame({"x": [1.0]})
        with pytest.raises(ValueError, match="unknown way to fill x: guess"):
            dp.fill_gaps(frame, {"x": "guess"})
        with pytest.raises(DataQualityError, match="columns are missing: z"):
            dp.fill_gaps(frame, {"z": "mean"})

    @pytest.mark.parametrize(
        ("values", "factor", "wanted"),
        [
            ([1, 2, 3, 4, 5], 1.5, [1, 2, 3, 4, 5]),
            ([1, 2, 3, 4, 100], 1.5, [1, 2, 3, 4, 7]),
            ([-100, 2, 3, 4, 5], 1.5, [-1, 2, 3, 4, 5]),
            ([1, 2, 3, 4, 100], 0.5, [1, 2, 3, 4, 5]),
        ],
    )
    def test_outliers_are_pulled_to_the_limit(self, values, factor, wanted):
        assert dp.clip_outliers(pd.Series(values), factor=factor).tolist() == wanted
        if factor == 1.5:
            assert dp.clip_outliers(pd.Series(values)).tolist() == wanted


class TestDataProcessor:
    def test_processing_cleans_and_labels(self):
        processed = dp.DataProcessor().process(SEASON)
        assert processed["outcome"].tolist()[:3] == ["home", "draw", "away"]

    @pytest.mark.parametrize(("max_loss", "fails"), [(0.25, False), (0.24, True)])
    def test_losing_too_many_rows_is_an_error(self, max_loss, fails):
        frame = SEASON.assign(kickoff=[None, *SEASON["kickoff"][1:]])
        processor = dp.DataProcessor(max_loss=max_loss)
        if fails:
            with pytest.raises(DataQualityError, match="cleaning dropped 25% of the rows") as caught:
                processor.process(frame)
            assert caught.value.context["report"].invalid == 1
        else:
            assert len(processor.process(frame)) == 3

    def test_unless_told_otherwise_a_fifth_may_be_lost(self):
        lossy = pd.concat([SEASON.assign(id=SEASON["id"] + 4 * n) for n in range(5)], ignore_index=True)
        lossy.loc[:3, "kickoff"] = None
        assert len(dp.DataProcessor().process(lossy)) == 16
        lossy.loc[4, "kickoff"] = None
        with pytest.raises(DataQualityError, match="25%"):
            dp.DataProcessor().process(lossy)

    def test_teams_are_normalised_when_a_matcher_is_given(self, caplog):
        processed = dp.DataProcessor(matcher=TeamMatcher(["AFC Ajax", "Brest"])).process(SEASON)
        assert processed["home_team"].tolist() == ["AFC Ajax", "Brest", "AFC Ajax", "Celta"]
        assert "unknown teams: Celta" in caplog.text

    def test_no_warning_when_every_team_is_known(self, caplog):
        dp.DataProcessor(matcher=TeamMatcher(["Ajax", "Brest", "Celta"])).process(SEASON)
        assert "unknown teams" not in caplog.text

    def test_file_is_processed_into_a_new_folder(self, tmp_path):
        source, target = tmp_path / "in.csv", tmp_path / "out" / "matches.csv"
        SEASON.rename(columns={"home_team": "Home", "away_team": "Away"}).to_csv(source, index=False)
        assert dp.DataProcessor().process_file(source, target) == 4
        written = pd.read_csv(target)
        assert written["id"].tolist() == [1, 2, 3, 4]
        assert written["outcome"].tolist()[:3] == ["home", "draw", "away"]
        assert [path.name for path in target.parent.iterdir()] == ["matches.csv"]

    @pytest.mark.parametrize("content", [None, ""], ids=["no file", "empty file"])
    def test_source_that_cannot_be_read_is_a_storage_error(self, tmp_path, content):
        source = tmp_path / "in.csv"
        if content is not None:
            source.write_text(content)
        with pytest.raises(StorageError, match="cannot read") as caught:
            dp.DataProcessor().process_file(source, tmp_path / "out.csv")
        assert caught.value.context == {"path": str(source)}
        assert not (tmp_path / "out.csv").exists()

    def test_failed_write_leaves_the_old_result_and_no_rest(self, tmp_path, monkeypatch):
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        SEASON.to_csv(source, index=False)
        target.write_text("the old result")

        def refuse(self, other):
            raise OSError("disk full")

        monkeypatch.setattr(Path, "replace", refuse)
        with pytest.raises(StorageError, match="cannot write .*disk full") as caught:
            dp.DataProcessor().process_file(source, target)
        assert caught.value.context == {"path": str(target)}
        assert target.read_text() == "the old result"
        assert not (tmp_path / "out.csv.part").exists()
