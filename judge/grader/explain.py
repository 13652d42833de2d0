"""From an exception in the learner's process to one Chinese sentence: the verdict, what it means, and their own line.

The exception arrives as untrusted data (see `judge/worker/loading.describe`); everything is checked and cleaned here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from judge.clean import clean, clean_line
from judge.grader import gone
from judge.grader.failures import SubmissionFailed
from judge.grader.syntax import meaning, syntax_errors
from judge.verdict import Location, Verdict
from question_bank.models import Coding

_MEMORY = re.compile(
    r"can't allocate memory|not enough memory|DefaultCPUAllocator|out of memory|OOM when allocating|Unable to allocate|"
    r"Cannot allocate memory|bad_alloc",
    re.IGNORECASE,
)
_LONGEST = 4000
_KNOWN: tuple[tuple[str, str], ...] = (
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\S+?) and (\S+?)\)",
        "线性层的输入宽度对不上，或两个矩阵不能相乘：{0} 与 {1}；检查展平后的特征数，或是否漏了转置",
    ),
    (
        r"Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)",
        "模型输出的样本数 {0} 与标签数 {1} 不同：展平时混进了 batch 维",
    ),
    (
        r"Expected size for first two dimensions of batch2 tensor to be: (\[.+?\]) but got: (\[.+?\])",
        "两批矩阵不能相乘：第二个的前两维应为 {0}，实际是 {1}；是否漏了转置",
    ),
    (r"0D or 1D target tensor expected", "标签应是一维的类别编号 (N,)：去掉多余的维（squeeze），或不要用 one-hot"),
    (r"expected to be a float tensor but is a bool", "布尔张量不能直接参加浮点运算：先用 tf.cast 转成浮点"),
    (r"math domain error", "对 0 或负数取了对数或平方根：先判断，或加一个很小的数"),
    (r"unhashable type: 'list'", "列表不能作字典的键或放进集合：先转成元组 tuple(...)"),
    (r"expected scalar type (\w+) but found (\w+)", "dtype 不符：需要 {0}，得到 {1}"),
    (r"result type (\w+) can't be cast to the desired output type (\w+)", "dtype 不符：{0} 不能写回 {1}"),
    (
        r"Torch not compiled with CUDA enabled|No CUDA GPUs are available|Found no NVIDIA driver",
        "代码要用 GPU，而这次判题在 CPU 上：新张量跟着传入的张量走（device=x.device），"
        "或写 torch.device('cuda' if torch.cuda.is_available() else 'cpu')",
    ),
    (
        r"Expected all tensors to be on the same device",
        "张量不在同一个设备上：新建张量时写 device=x.device，模型里的常量用 register_buffer",
    ),
    (
        r"element 0 of tensors does not require grad",
        "损失没有连到计算图上：前面用了 detach()、no_grad()、argmax 或转成了 NumPy",
    ),
    (
        r"Trying to backward through the graph a second time",
        "同一张计算图反向了两次：每步重新前向，或检查是否留住了上一步的损失",
    ),
    (r"modified by an inplace operation", "求导要用的张量被原地操作改掉了：把 += 、relu_(inplace) 之类改成非原地写法"),
    (r"Can't call numpy\(\) on Tensor that requires grad", "带梯度的张量要先 .detach() 再 .numpy()"),
    (
        r"Given groups=1, weight of size (\[[^\]]*\]), expected input(\[[^\]]*\]) to have (\d+) channels",
        "卷积的输入通道数不符：要 {2} 个通道，输入是 {1}",
    ),
    (r"Target (\d+) is out of bounds", "标签 {0} 超出了输出的类别数：最后一层的宽度不够"),
    (r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)", "两个张量的形状不能相加/相乘：{0} 与 {1}"),
    (r"shape '(\[[^\]]*\])' is invalid for input of size (\d+)", "view/reshape 的目标形状 {0} 与元素个数 {1} 对不上"),
    (
        r"the batch number of src and tgt must be equal",
        "nn.Transformer 把第一维当成了时间：传 batch_first=True，或先把 (B, L) 转成 (L, B)",
    ),
    (r"to_padded_tensor: at least one constituent", "填充掩码把整句都遮住了：掩码反了（key_padding_mask 里 True 表示遮住）"),
    (r"index out of range in self", "Embedding 的下标超出了词表大小"),
    (r"No gradients provided for any variable", "没有任何变量得到梯度：前向要写在 GradientTape 里，且不能转成 NumPy"),
    (r"incompatible with the layer: expected shape=(\([^)]*\)), found shape=(\([^)]*\))", "输入形状不符：模型要 {0}，得到 {1}"),
    (
        r"expected axis -1 of input shape to have value (\d+).*?received input with shape (\([^)]*\))",
        "输入的最后一维应是 {0}，得到 {1}",
    ),
    (
        r"Arguments `target` and `output` must have the same (?:shape|rank)",
        "损失函数的标签与输出形状不同：整数标签用 sparse_categorical_crossentropy",
    ),
    (
        r"Dimensions must be equal, but are \d+ and \d+ for '\{\{node (?:\w+/)?compile_loss|Incompatible shapes: .*compile_loss",
        "损失函数的标签与输出形状不同：整数标签用 sparse_categorical_crossentropy，其他损失要先把标签 one-hot",
    ),
    (
        r"Received a label value of (-?\d+) which is outside the valid range of \[0, (\d+)\)",
        "标签 {0} 不在 0 到输出的类别数 {1} 之内：最后一层的宽度不够，或标签不是从 0 编号",
    ),
    (r"Incompatible shapes: (\[[^\]]*\]) vs\. (\[[^\]]*\])", "两个张量的形状不能相加/相乘：{0} 与 {1}"),
    (
        r"Attempt to convert a value \(None\) with an unsupported type",
        "把 None 交给了 TensorFlow：有个参数没有给出；to_categorical 对张量要写明 num_classes，如 to_categorical(labels, 10)",
    ),
    (r"logits and labels must have the same first dimension", "logits 与标签的样本数不同：检查展平时是否混进了 batch 维"),
    (
        r"Dimensions must be equal, but are (\d+) and (\d+) for '\{\{node (\w*MatMul)",
        "矩阵相乘的维度对不上：{0} 与 {1}；是否漏了 transpose_b=True",
    ),
    (r"TensorBoard is not installed", "判题环境没有 TensorBoard：去掉 TensorBoard 回调和 tf.summary，损失曲线由判题机画"),
    (r"name '(\w+)' is not defined", "名字 {0} 没有定义：是否漏了 import，或拼写不同"),
    (r"EOF when reading a line", "判题时没有键盘输入：去掉 input()"),
    (
        r"urlopen error|URL fetch failure|no internet connection|name resolution|Network is unreachable",
        "判题时没有网络，不能下载：数据用题目说明里的加载方法，权重从头训练",
    ),
    (r"\[Errno 1\] Operation not permitted", "判题盒里不能运行别的程序，也不能改系统设置：去掉这一行"),
    (r"\[Errno (?:13|30)\] [^:]*: '/", "判题盒里只能写当前文件夹与临时文件夹：路径写成相对的，如 'model.pt'"),
    (r"\[Errno 2\] No such file or directory: '", "判题盒里没有这个文件，看不到你的磁盘：数据用题目说明里的加载方法"),
)


def explain(error: Mapping[str, Any], problem: Coding, source: str, *, loading: bool) -> SubmissionFailed:
    """The failure that a worker's error frame stands for. `source` is the learner's file."""
    if isinstance(error.get("refused"), str):
        return SubmissionFailed(Verdict.BR, clean_line(error["refused"]))
    if isinstance(error.get("device"), str):
        return SubmissionFailed(Verdict.RTE, None, clean_line(error["device"], 200))
    if isinstance(error.get("entry"), Mapping):
        return _entry(error["entry"], problem)
    kind, message = _string(error, "type"), _string(error, "message")
    location = _location(error, lines=source.count("\n") + 1)
    if isinstance(error.get("syntax"), Mapping) and loading and error["syntax"].get("own") is True:
        return _syntax(error["syntax"], source, message)
    if _MEMORY.search(message) or kind in ("MemoryError", "ResourceExhaustedError", "OutOfMemoryError"):
        return SubmissionFailed(Verdict.MLE, "内存不够：减小 batch、模型或中间张量", _said(kind, message), location=location)
    module = _string(error, "module")
    importing = kind in ("ImportError", "ModuleNotFoundError")
    if instead := gone.for_error(kind, message, module):
        verdict = Verdict.CE if loading and importing else Verdict.RTE
        return SubmissionFailed(verdict, instead, _joined(_said(kind, message), _others(source, instead)), location=location)
    if loading and importing:
        return _import(module, kind, message, location)
    return SubmissionFailed(Verdict.RTE, _known(message) or _plain(kind, location), _said(kind, message), location=location)


def _entry(entry: Mapping[str, Any], problem: Coding) -> SubmissionFailed:
    name = _string(entry, "name")
    wanted = next((e.signature for e in problem.entries if e.name == name), name)
    if entry.get("kind") == "signature":
        return SubmissionFailed(
            Verdict.CE, f"{name} 的参数不符：应为 {wanted}", f"你写的是 {clean_line(_string(entry, 'found'))}"
        )
    similar = _string(entry, "similar")
    if similar:
        return SubmissionFailed(Verdict.CE, f"没有找到 {wanted}；文件里有一个名字相近的 {clean_line(similar)}，是不是它？")
    found = [clean_line(n, 40) for n in entry.get("found", ()) if isinstance(n, str)][:8]
    seen = f"文件里定义了 {'、'.join(found)}" if found else "文件里没有定义任何函数或类"
    return SubmissionFailed(Verdict.CE, f"没有找到 {wanted}：请按题目的入口命名", seen)


def _syntax(syntax: Mapping[str, Any], source: str, message: str) -> SubmissionFailed:
    """Every syntax error with its line: fixing one at a time, with a submission for each, is no way to spend an evening."""
    line = syntax.get("line")
    first = (line if type(line) is int and line > 0 else 1, meaning(message))
    errors = syntax_errors(source) or [first]
    sentence = "；".join(f"第 {number} 行{what}" for number, what in errors)
    lines = source.split("\n")
    number = min(errors[0][0], len(lines))
    count = f"（共 {len(errors)} 处）" if len(errors) > 1 else ""
    return SubmissionFailed(
        Verdict.CE,
        f"语法错误{count}：{sentence}",
        _others(source),
        location=Location(line=number, text=clean_line(lines[number - 1])),
    )


def _others(source: str, told: str | None = None) -> str | None:
    """What else in the file no library has any more: it would only come to light one submission later."""
    found = [f"第 {line} 行：{instead}" for line, instead in gone.mentions(source) if instead != told]
    return f"文件里还要改：{'；'.join(found)}" if found else None


def _joined(*parts: str | None) -> str:
    return "。".join(part.rstrip("。") for part in parts if part)


def _import(module: str, kind: str, message: str, location: Location | None) -> SubmissionFailed:
    if kind == "ModuleNotFoundError" and module:
        diagnosis = f"判题环境里没有模块 {clean_line(module, 60)}：只用题目允许的框架和标准库"
    else:
        diagnosis = "导入失败：这个版本的库里没有要导入的名字"
    return SubmissionFailed(Verdict.CE, diagnosis, _said(kind, message), location=location)


def _known(message: str) -> str | None:
    for pattern, sentence in _KNOWN:
        if found := re.search(pattern, message, re.DOTALL):
            return clean_line(sentence.format(*found.groups()))
    return None


def _plain(kind: str, location: Location | None) -> str:
    where = f"第 {location.line} 行" if location else "你的代码"
    if kind == "SystemExit":
        return f"{where}调用了 exit：判题时不能自己退出程序"
    if kind == "RecursionError":
        return f"{where}递归没有出口"
    return f"{where}出错"


def _said(kind: str, message: str) -> str:
    return clean(f"{kind}: {message}" if message.strip() else kind, 600)


def _location(error: Mapping[str, Any], lines: int) -> Location | None:
    frames = error.get("frames")
    if not isinstance(frames, list) or not frames or not isinstance(frames[-1], Mapping):
        return None
    line = frames[-1].get("line")
    if type(line) is not int or not 0 < line <= lines:
        return None
    return Location(line=line, text=clean_line(_string(frames[-1], "text")))


def _string(data: Mapping[str, Any], key: str) -> str:
    """As long as our own worker would have made it: on millions of characters the patterns above would search for hours."""
    value = data.get(key)
    return value[:_LONGEST] if isinstance(value, str) else ""
