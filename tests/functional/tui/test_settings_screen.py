"""设置: every field of the model has its line, a change is on disk at once, a mistake is one sentence."""

import datetime as dt

import pytest
from textual.widgets import Input, Select

from quizapp.screens.settings import LABELS, SettingsScreen
from quizapp.screens.today import TodayScreen
from quizapp.settings import Settings, load_settings, settings_path


def test_every_field_has_a_chinese_name():
    assert set(LABELS) == set(Settings.model_fields)


async def opened(pilot, wait):
    await wait(pilot)
    await pilot.press("f9")
    await wait(pilot, lambda: isinstance(pilot.app.screen, SettingsScreen))
    return pilot.app.screen


async def typed(pilot, screen, name, text):
    field = screen.query_one(f"#{name}", Input)
    field.focus()
    field.value = text
    await pilot.press("enter")


@pytest.mark.parametrize("date", ["2026-07-20", "２０２６-０７-２０"])
async def test_the_interview_date_is_saved_and_counted_down(make_app, progress, text, wait, date):
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, wait)
        await typed(pilot, screen, "interview_date", date)
        await wait(pilot, lambda: "面试日期：已保存" in text(pilot.app))
        assert load_settings().interview_date == dt.date(2026, 7, 20)
        assert progress.policy().interview_date == dt.date(2026, 7, 20)
        await pilot.press("escape")
        await wait(pilot, lambda: isinstance(pilot.app.screen, TodayScreen))
        await wait(pilot, lambda: "距面试还有 17 天" in text(pilot.app))


async def test_up_and_down_go_from_line_to_line_and_save(make_app, text, wait):
    async with make_app().run_test(size=(80, 14)) as pilot:
        screen = await opened(pilot, wait)
        names = []
        for _ in Settings.model_fields:
            names.append(screen.focused.id)
            await pilot.press("down")
        assert names == list(Settings.model_fields)

        screen.query_one("#new_per_day").focus()
        await pilot.press("ctrl+u", "5", "up")
        await wait(pilot, lambda: load_settings().new_per_day == 5)
        assert screen.focused.id == "maximum_interval"


async def test_a_value_is_picked_with_enter(make_app, text, wait):
    async with make_app().run_test(size=(80, 24)) as pilot:
        screen = await opened(pilot, wait)
        screen.query_one("#framework").focus()
        await pilot.press("enter")
        await pilot.pause()
        assert "PyTorch" in text(pilot.app)
        assert "Dismiss" not in text(pilot.app)
        await pilot.press("down", "enter")
        await wait(pilot, lambda: load_settings().framework == "torch")
        await pilot.press("down")
        assert screen.focused.id == "ambiguous_width"


@pytest.mark.parametrize(("name", "wrong"), [("new_per_day", "很多"), ("desired_retention", "2"), ("timezone", "Mars/Base")])
async def test_a_mistake_is_told_and_nothing_is_written(make_app, text, wait, name, wrong):
    async with make_app().run_test(size=(60, 24)) as pilot:
        screen = await opened(pilot, wait)
        await typed(pilot, screen, name, wrong)
        await wait(pilot, lambda: "设置有误" in text(pilot.app))
        assert name not in text(pilot.app), "the field has a Chinese name"

    assert not settings_path().exists()


async def test_a_theme_is_put_on_at_once(make_app, wait):
    async with make_app().run_test() as pilot:
        screen = await opened(pilot, wait)
        screen.query_one("#theme", Select).value = "paper"
        await wait(pilot, lambda: pilot.app.theme == "paper")

    assert load_settings().theme == "paper"
