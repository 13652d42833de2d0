"""Every command there is, by the place where it works."""

from __future__ import annotations

from functools import cache
from typing import Final

from quizapp.commands.command import Command

APP: Final = (
    Command("help", "帮助", ("f1", "question_mark"), "列出当前页面能用的所有按键。"),
    Command("section('today')", "今天", ("f2",), "回到今天：该复习什么、从哪里开始。", shown=False),
    Command("section('bank')", "题库", ("f3",), "打开题库：浏览、筛选、搜索。", shown=False),
    Command("section('stats')", "统计", ("f4",), "查看学习统计。", shown=False),
    Command("command_palette", "命令", ("ctrl+p", "f10"), "输入几个字，找到任何命令或题目。", shown=False),
    Command("tour", "导览", ("f11",), "一分钟的导览，最后答一道题。", shown=False),
    Command("toggle_dark", "明暗", ("f12",), "在深色和浅色之间切换。", shown=False),
    Command("quit", "退出", ("ctrl+q",), "退出。写了一半的答案已经存好，下次接着写。", shown=False),
)

LIST: Final = (
    Command("choose", "打开", ("enter",), "打开光标所在的题目；在主题上则展开或收起。"),
    Command("move(-1)", "上一行", ("up", "k"), "光标上移。", shown=False),
    Command("move(1)", "下一行", ("down", "j"), "光标下移。", shown=False),
    Command("page(-1)", "上一页", ("pageup",), "向上翻一页。", shown=False),
    Command("page(1)", "下一页", ("pagedown",), "向下翻一页。", shown=False),
    Command("first", "到开头", ("home", "g"), "到列表开头。", shown=False),
    Command("last", "到末尾", ("end", "G"), "到列表末尾。", shown=False),
)

MENU: Final = (
    Command("choose", "打开", ("enter", "space"), "打开亮着的一行。"),
    Command("move(-1)", "上一行", ("up", "k"), "亮到上一行。", shown=False),
    Command("move(1)", "下一行", ("down", "j"), "亮到下一行。", shown=False),
)

PANE: Final = (
    Command("scroll_up", "上滚", ("up", "k"), "向上滚动。", shown=False),
    Command("scroll_down", "下滚", ("down", "j"), "向下滚动。", shown=False),
    Command("page_up", "上翻", ("pageup",), "向上翻一页。", shown=False),
    Command("page_down", "下翻", ("pagedown", "space"), "向下翻一页。", shown=False),
    Command("scroll_home", "到顶", ("home", "g"), "滚到最上面。", shown=False),
    Command("scroll_end", "到底", ("end", "G"), "滚到最下面。", shown=False),
)

TODAY: Final = (
    Command("begin", "开始", ("f5",), "开始今天的练习：先复习到期的题，再学新题。"),
    Command("learn", "学新题", ("f6", "n"), "只做没做过的题。"),
    Command("code", "编程题", ("f7", "c"), "打开下一道没通过的编程题。"),
    Command("wrong", "错题本", ("f8", "w"), "打开错题本：按主题看、移出、连着练。"),
    Command(
        "practice",
        "换个练法",
        ("ctrl+n", "p"),
        "背题、刷题、没做过的、收藏、高频、每日一题、冲刺，或接着没做完的一组。",
        shown=False,
    ),
    Command("mock", "模拟面试", ("ctrl+t", "m"), "限时作答，不看答案，结束时给出报告并与前几次比较。", shown=False),
    Command("settings", "设置", ("f9", "s"), "打开设置：面试日期、每天的量、主题、编辑器……"),
)

TOUR: Final = (
    Command("forward", "下一页", ("enter", "space", "f5"), "下一页；最后一页之后是第一道题。"),
    Command("leave", "跳过", ("escape",), "跳过导览；不会再自动出现。"),
)

PRACTICE: Final = (Command("leave", "返回", ("escape",), "返回今天。"),)

MOCK_SETUP: Final = (
    Command("begin", "开始", ("f5",), "按亮着的设置抽题，开始计时。"),
    Command("leave", "返回", ("escape",), "返回，什么都不开始。"),
)

MOCK: Final = (
    Command("submit", "下一题", ("f5", "ctrl+r"), "交出这一题的回答；有追问时先追问，再到下一题。编程题则打开编程页。"),
    Command("skip", "跳过", ("f6", "ctrl+n"), "先跳过，最后再问；跳过两次就算没答。"),
    Command("finish", "交卷", ("f7",), "结束面试，看报告；还有没答的题时要按两次。"),
    Command("speak", "口述计时", ("f8",), "口述用的倒计时：30 秒，再按一次 2 分钟，再按一次关掉。"),
    Command("mark", "标记", ("f9",), "标记这一题，报告里会标出来；再按一次取消。"),
    Command("leave", "离开", ("escape",), "先离开，计时停下；下次从模拟面试接着来，写了一半的也在。"),
)

MOCK_REPORT: Final = (
    Command("again", "再练没答好的", ("f5",), "把没答好、跳过和标记的理论题连着练一遍，这次看答案。"),
    Command("leave", "返回", ("escape", "enter"), "看完报告，返回。"),
)

PICK: Final = (Command("show_overlay", "打开", ("enter", "space"), "打开可选的值；上下键移动，回车选定，Esc 收起。"),)

LINES: Final = (
    Command("move(-1)", "上一行", ("up",), "到上一行。", shown=False),
    Command("move(1)", "下一行", ("down",), "到下一行；Tab 也行。", shown=False),
)

SETTINGS: Final = (Command("leave", "返回", ("escape",), "返回；改过的都已存好。"),)

WRONG: Final = (
    Command("begin", "开始", ("f5",), "练整个错题本；光标在主题上时只练这个主题。"),
    Command("remove", "移出", ("f8", "delete", "x"), "把光标所在的题移出错题本。"),
    Command("leave", "返回", ("escape",), "返回上一页。"),
)

BANK: Final = (
    Command("search", "搜索", ("ctrl+f", "slash"), "把光标放进搜索框。"),
    Command("results", "到结果", ("down",), "从搜索框到下面的列表；回车也行。", shown=False),
    Command("refine", "筛选", ("ctrl+t", "v"), "按状态、题型、难度、频率、标签、框架筛选，都在一个窗口里。"),
    Command("filter_state", "状态", ("f5", "s"), "按学习状态筛选，再按一次换下一个。"),
    Command("filter_kind", "题型", ("f6", "t"), "按题型筛选，再按一次换下一个。", shown=False),
    Command("filter_level", "难度", ("f7", "d"), "按难度筛选，再按一次换下一个。", shown=False),
    Command("fold_all", "折叠", ("f9", "z"), "收起或展开所有主题。"),
    Command("favourite", "收藏", ("f8", "f"), "收藏或取消收藏光标所在的题目。"),
    Command("clear", "清除筛选", ("escape",), "清除搜索和筛选。", shown=False),
)

FILTER: Final = (
    Command("clear", "全部清除", ("f8", "delete"), "清除所有筛选；搜索的词留着。"),
    Command("leave", "关闭", ("escape",), "关闭窗口，筛选留着。"),
)

ANSWER: Final = (
    Command("reveal", "对答案", ("f5", "ctrl+r"), "写完以后对答案；先选一下自己有多大把握。"),
    Command("rate(1)", "重来", ("1",), "评为重来：没想起来，很快再问。", shown=False, instead="accept"),
    Command("rate(2)", "困难", ("2",), "评为困难：想起来了，但不顺。", shown=False, instead="accept"),
    Command("rate(3)", "良好", ("3",), "评为良好：记得。", shown=False, instead="accept"),
    Command("rate(4)", "轻松", ("4",), "评为轻松：间隔会拉得更长。", shown=False, instead="accept"),
    Command("skip", "跳过", ("f6", "ctrl+n"), "先跳过这题；写了一半的答案会留着。"),
    Command("follow_up", "追问", ("ctrl+t",), "对完答案以后：回答追问，或者打开相关的题。"),
    Command("note", "笔记", ("f7",), "写这道题的笔记；对答案时会显示。"),
    Command("favourite", "收藏", ("f8", "ctrl+g"), "收藏或取消收藏这道题。"),
    Command("met", "遇到过", ("f9",), "记下一次：真实面试里被问过这道题。"),
    Command("scroll(-1)", "上翻", ("pageup",), "向上翻看题目、答案和解析。", shown=False),
    Command("scroll(1)", "下翻", ("pagedown",), "向下翻看题目、答案和解析。", shown=False),
    Command("leave", "返回", ("escape",), "返回上一页；写了一半的答案会留着。"),
)

NOTE: Final = (Command("leave", "保存并返回", ("escape",), "保存笔记，返回。"),)

FOLLOW_UP: Final = (
    Command("reveal", "对照", ("f5", "ctrl+r"), "显示原题的参考答案，或收起。"),
    Command("other", "下一个追问", ("f8", "ctrl+n"), "换下一个追问；写了的会留着。"),
    Command("leave", "返回", ("escape",), "回到原题去评分；写了的会留着，评分时一起记录。"),
)

POINTS: Final = (
    Command("done", "去评分", ("enter",), "看完要点，去选掌握得怎么样。"),
    Command("overrule", "改判", ("space", "right"), "不同意判定时改成：命中、部分、遗漏。"),
    Command("move(-1)", "上一个要点", ("up", "k"), "上一个要点；答案里对应的句子会亮起来。", shown=False),
    Command("move(1)", "下一个要点", ("down", "j"), "下一个要点；答案里对应的句子会亮起来。", shown=False),
)

BAR: Final = (
    Command("accept", "确定", ("enter", "space"), "选定亮着的一项。"),
    Command("step(-1)", "左移", ("left", "h"), "亮到左边一项。", shown=False),
    Command("step(1)", "右移", ("right", "l"), "亮到右边一项。", shown=False),
    *(
        Command(f"take({n})", f"第 {n + 1} 项", (str(n + 1),), f"直接选第 {n + 1} 项。", shown=False, instead="accept")
        for n in range(4)
    ),
)

CHOICES: Final = (
    Command("move(-1)", "上一个", ("up", "k"), "上一个选项。", shown=False),
    Command("move(1)", "下一个", ("down", "j"), "下一个选项。", shown=False),
    Command("pick", "选择", ("enter", "space"), "选择光标所在的选项；多选题再按一次取消。"),
    *(
        Command(
            f"take({n})", f"选 {chr(65 + n)}", (chr(97 + n), str(n + 1)), f"直接选 {chr(65 + n)}。", shown=False, instead="pick"
        )
        for n in range(8)
    ),
)

ORDER: Final = (
    Command("move(-1)", "上一个", ("up", "k"), "光标移到上一项。", shown=False),
    Command("move(1)", "下一个", ("down", "j"), "光标移到下一项。", shown=False),
    Command("shift(-1)", "前移", ("shift+up", "left", "minus"), "把光标所在的一项往前移。"),
    Command("shift(1)", "后移", ("shift+down", "right", "plus"), "把光标所在的一项往后移。"),
)

CODING: Final = (
    Command("submit", "提交", ("f5", "ctrl+r"), "提交解答文件，看着它运行。"),
    Command("cancel", "取消运行", ("f9", "ctrl+c"), "取消正在运行的判题。"),
    Command("edit", "编辑", ("f6", "ctrl+o"), "用 $EDITOR 打开解答文件；没有文件时先从初始代码创建。"),
    Command("write", "在这里写", ("enter",), "在内置编辑器里写；没有文件时先从初始代码创建。"),
    Command("hint", "提示", ("f7", "ctrl+t"), "再看一条提示。"),
    Command("framework", "换框架", ("f8",), "在 PyTorch 和 TensorFlow 之间切换。"),
    Command("watch", "监视", ("ctrl+l", "w"), "监视解答文件：每次保存就跑公开测试；再按一次停下。", shown=False),
    Command("reference", "参考答案", ("ctrl+n",), "通过以后（或决定放弃时）看参考答案和讲解。", shown=False),
    Command("compare", "对比", ("ctrl+g", "d"), "在提交记录里：这一次改了什么。"),
    Command("save", "保存", ("ctrl+s",), "保存内置编辑器里的代码；文件在别处被改过时，用这里的内容覆盖它。", shown=False),
    Command("tab(-1)", "前一页", ("left", "left_square_bracket"), "前一个标签页。", shown=False),
    Command("tab(1)", "后一页", ("right", "right_square_bracket"), "后一个标签页。", shown=False),
    Command("leave", "返回", ("escape",), "离开编辑器；再按一次返回上一页。"),
)

REFERENCE: Final = (
    Command("other(1)", "下一个解法", ("f8", "right_square_bracket"), "下一个参考解法。"),
    Command("other(-1)", "上一个解法", ("f7", "left_square_bracket"), "上一个参考解法。"),
    Command("leave", "返回", ("escape",), "回到题目。"),
)

COMPARE: Final = (
    Command("other", "换个比法", ("f8", "tab"), "和前一次提交比，或和现在的文件比。"),
    Command("leave", "返回", ("escape",), "回到提交记录。"),
)

HELP: Final = (Command("leave", "关闭", ("escape", "enter", "f1", "question_mark"), "关闭帮助。"),)

EVERYTHING: Final[dict[str, tuple[Command, ...]]] = {
    "到处": APP,
    "今天": TODAY,
    "错题本": WRONG,
    "导览": TOUR,
    "换个练法": PRACTICE,
    "模拟面试的准备": MOCK_SETUP,
    "模拟面试": MOCK,
    "模拟面试的报告": MOCK_REPORT,
    "设置": SETTINGS,
    "设置和筛选里的一行": (*PICK, *LINES),
    "菜单": MENU,
    "题库": BANK,
    "筛选": FILTER,
    "列表": LIST,
    "答题": ANSWER,
    "追问": FOLLOW_UP,
    "笔记": NOTE,
    "选一项": BAR,
    "选择题": CHOICES,
    "排序题": ORDER,
    "要点": POINTS,
    "编程题": CODING,
    "参考答案": REFERENCE,
    "对比两次提交": COMPARE,
    "可滚动的部分": PANE,
    "帮助": HELP,
}


@cache
def by_label(place: str) -> dict[str, Command]:
    """The commands of a place by what the key bar calls them. Raises `KeyError` for a place that is not there."""
    return {command.label: command for command in EVERYTHING[place]}
