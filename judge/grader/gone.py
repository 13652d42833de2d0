"""Names that libraries no longer have, and what to write today: most tutorials a learner copies from are older than the libraries they run on.

One table per way of meeting such a name: a dotted name, a method of some object, a keyword argument, a key of a history. A name counts for everything
below it. The tables say only what a learner can act on; they know nothing of verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_TORCHTEXT = (
    "torchtext 已停止维护，Field、BucketIterator 与 TabularDataset 早已从它里面移除：词表改用自己的字典（词 → 编号），"
    "分批改用 torch.utils.data.DataLoader，在 collate_fn 里用 torch.nn.utils.rnn.pad_sequence 补齐"
)
_GRAPH = "TensorFlow 2 没有 Session 与 placeholder：运算写出来就执行，张量直接传进函数，训练用 model.fit 或 tf.GradientTape"
_OPTIMIZERS = "TensorFlow 1 的优化器已移除：改用 keras.optimizers.Adam(learning_rate=…) 等"
_LAYER_MODULES = "Keras 的层不再分放在子模块里：一律写 from keras.layers import …"
_BACKEND = "keras.backend 的数学函数已在 Keras 3 移除：改用 keras.ops 里的同名函数，或 tf.reduce_mean、tf.square 等"
_UTILS = "keras.utils.np_utils 已移除：改写 from keras.utils import to_categorical；整数标签配 sparse_categorical_crossentropy 则不必 one-hot"
_SCIPY = "scipy.misc 的图片函数已从 SciPy 移除（判题环境也没有 SciPy）：读图用 PIL.Image.open 或 matplotlib.pyplot.imread，缩放用 Image.resize"
_ALIAS = "NumPy 已移除别名 np.{0}（1.24 版）：改用 {1}"
_NUMPY_2 = "NumPy 2 已移除 np.{0}：改用 {1}"
_ABC = "collections 里的抽象类型已在 Python 3.10 移走：改写 from collections.abc import …"
_PROCESSING = (
    "keras 的 ImageDataGenerator 与 text.Tokenizer 已移除：图片增强用 keras.layers.RandomRotation 等层，"
    "分词用 keras.layers.TextVectorization"
)
_LAZY_DATA = (
    "判题环境没有 tensorflow_datasets，也不联网：数据已作为参数传入；"
    "脚本里用 keras.datasets.mnist.load_data() 或 judge_data 里的 load_… 函数"
)
_ESTIMATOR = "tf.estimator 已从 TensorFlow 移除：改用 keras 的 model.compile 与 model.fit"
_RANDOM = "TensorFlow 2 的随机函数都在 tf.random 里：tf.random.normal、tf.random.uniform、tf.random.truncated_normal、tf.random.set_seed"
_MATH = "TensorFlow 2 的数学函数在 tf.math 里：tf.math.log 等；类型转换用 tf.cast"
_VARIABLES = "TensorFlow 2 没有变量作用域：改用 tf.Variable，或写成 keras 的层"

NAMES: Mapping[str, str] = {
    "torchtext": _TORCHTEXT,
    "torch._six": "torch._six 已移除：字符串类型直接用 str，整数与浮点数用 int、float",
    "torch.rfft": "torch.rfft 已移除：改用 torch.fft.rfft",
    "torch.irfft": "torch.irfft 已移除：改用 torch.fft.irfft",
    "torch.gels": "torch.gels 已移除：改用 torch.linalg.lstsq",
    "tensorflow.contrib": "tf.contrib 已在 TensorFlow 2 移除：改用 keras.layers、keras.optimizers 里的对应写法",
    "tensorflow.examples": "tensorflow.examples 已在 TensorFlow 2 移除：MNIST 用 keras.datasets.mnist.load_data()",
    "tensorflow.Session": _GRAPH,
    "tensorflow.InteractiveSession": _GRAPH,
    "tensorflow.placeholder": _GRAPH,
    "tensorflow.ConfigProto": _GRAPH,
    "tensorflow.global_variables_initializer": _GRAPH,
    "tensorflow.initialize_all_variables": _GRAPH,
    "tensorflow.get_default_graph": _GRAPH,
    "tensorflow.reset_default_graph": _GRAPH,
    "keras.backend.set_session": _GRAPH,
    "keras.backend.get_session": _GRAPH,
    "tensorflow.get_variable": _VARIABLES,
    "tensorflow.variable_scope": _VARIABLES,
    "tensorflow.train.AdamOptimizer": _OPTIMIZERS,
    "tensorflow.train.GradientDescentOptimizer": _OPTIMIZERS,
    "tensorflow.train.MomentumOptimizer": _OPTIMIZERS,
    "tensorflow.train.RMSPropOptimizer": _OPTIMIZERS,
    "tensorflow.train.AdagradOptimizer": _OPTIMIZERS,
    "tensorflow.layers": "tf.layers 已在 TensorFlow 2 移除：改用 keras.layers 里的同名层（Dense、Conv2D、Flatten…）",
    "keras.losses.softmax_cross_entropy": "tf.losses.softmax_cross_entropy 已移除：改用 keras.losses.CategoricalCrossentropy(from_logits=True)",
    "keras.losses.sparse_softmax_cross_entropy": (
        "tf.losses.sparse_softmax_cross_entropy 已移除：改用 keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
    ),
    "keras.losses.Reduction": "keras.losses.Reduction 已移除：直接写字符串，例如 reduction='none'",
    "tensorflow.nn.softmax_cross_entropy_with_logits_v2": (
        "名字里的 _v2 已去掉：改用 tf.nn.softmax_cross_entropy_with_logits(labels=…, logits=…)"
    ),
    "tensorflow.log": _MATH,
    "tensorflow.to_float": _MATH,
    "tensorflow.to_int32": _MATH,
    "tensorflow.random_normal": _RANDOM,
    "tensorflow.random_uniform": _RANDOM,
    "tensorflow.truncated_normal": _RANDOM,
    "tensorflow.set_random_seed": _RANDOM,
    "tensorflow.multinomial": _RANDOM,
    "tensorflow.estimator": _ESTIMATOR,
    "tensorflow.logging": "tf.logging 已移除：改用 Python 的 logging，或 tf.get_logger()",
    "tensorflow.flags": "tf.flags 已移除：参数直接写成变量",
    "tensorflow.app": "tf.app 已移除：直接调用你的主函数",
    "tensorflow_datasets": _LAZY_DATA,
    "tensorflow_addons": "tensorflow_addons 已停止维护，判题环境没有它：多数层与优化器已并入 keras（例如 AdamW、GroupNormalization）",
    "keras_contrib": "keras_contrib 已停止维护，判题环境没有它：用 keras.layers 自己写",
    "keras.utils.np_utils": _UTILS,
    "keras.utils.multi_gpu_model": "multi_gpu_model 已移除：判题只用一个设备，去掉这一层即可",
    "keras.layers.normalization": _LAYER_MODULES,
    "keras.layers.convolutional": _LAYER_MODULES,
    "keras.layers.core": _LAYER_MODULES,
    "keras.layers.pooling": _LAYER_MODULES,
    "keras.layers.embeddings": _LAYER_MODULES,
    "keras.layers.recurrent": _LAYER_MODULES,
    "keras.layers.advanced_activations": _LAYER_MODULES,
    "keras.engine": "keras.engine 已移除：自定义层写 from keras.layers import Layer，模型写 from keras import Model",
    "keras.layers.merge": "keras.layers.merge 已移除：改用 keras.layers.Add、Concatenate、Multiply",
    "keras.layers.CuDNNLSTM": "CuDNNLSTM 已移除：keras.layers.LSTM 有 GPU 时会自己用 cuDNN",
    "keras.layers.CuDNNGRU": "CuDNNGRU 已移除：keras.layers.GRU 有 GPU 时会自己用 cuDNN",
    "keras.layers.experimental": "keras.layers.experimental 已移除：预处理层直接从 keras.layers 导入",
    "keras.preprocessing.image.ImageDataGenerator": _PROCESSING,
    "keras.preprocessing.text": _PROCESSING,
    "keras.wrappers.scikit_learn": "keras.wrappers.scikit_learn 已移除：直接用 model.fit 训练",
    "keras.optimizers.adam": "优化器是类，首字母大写：keras.optimizers.Adam",
    "keras.optimizers.sgd": "优化器全大写：keras.optimizers.SGD",
    "keras.losses.mse": "keras.losses.mse 已移除：改用 keras.losses.MeanSquaredError() 或 loss='mse'",
    "keras.backend.mean": _BACKEND,
    "keras.backend.sum": _BACKEND,
    "keras.backend.square": _BACKEND,
    "keras.backend.exp": _BACKEND,
    "keras.backend.log": _BACKEND,
    "keras.backend.dot": _BACKEND,
    "keras.backend.random_normal": _BACKEND,
    "keras.backend.set_image_dim_ordering": "图片的通道在最后一维，不必再设 dim_ordering：形状写 (28, 28, 1)",
    "scipy.misc": _SCIPY,
    "numpy.float": _ALIAS.format("float", "float 或 np.float64"),
    "numpy.int": _ALIAS.format("int", "int 或 np.int64"),
    "numpy.object": _ALIAS.format("object", "object"),
    "numpy.str": _ALIAS.format("str", "str"),
    "numpy.complex": _ALIAS.format("complex", "complex 或 np.complex128"),
    "numpy.float_": _NUMPY_2.format("float_", "np.float64"),
    "numpy.unicode_": _NUMPY_2.format("unicode_", "np.str_"),
    "numpy.Inf": _NUMPY_2.format("Inf", "np.inf"),
    "numpy.NaN": _NUMPY_2.format("NaN", "np.nan"),
    "numpy.product": _NUMPY_2.format("product", "np.prod"),
    "numpy.in1d": "np.in1d 已移除：改用 np.isin",
    "numpy.trapz": "np.trapz 已移除：改用 np.trapezoid",
    "numpy.asscalar": "np.asscalar 已移除：改用 array.item()",
    "sklearn": "判题环境没有 scikit-learn：划分数据用切片或 torch.randperm、np.random.permutation，指标自己算",
    "cv2": "判题环境没有 OpenCV：读图用 PIL.Image.open 或 matplotlib.pyplot.imread",
    "spacy": "判题环境没有 spaCy，也不能下载模型：题目给的句子已经分好词，用 split() 即可",
    "nltk": "判题环境没有 NLTK，也不能下载语料：BLEU 等指标按题意自己写",
    "jieba": "判题环境没有 jieba：题目给的句子已经分好词",
    "PIL.Image.ANTIALIAS": "Pillow 10 已移除 Image.ANTIALIAS：改用 Image.Resampling.LANCZOS",
    "collections.Iterable": _ABC,
    "collections.Mapping": _ABC,
    "collections.Sequence": _ABC,
    "collections.Callable": _ABC,
    "time.clock": "time.clock 已从 Python 移除：改用 time.perf_counter()",
    "inspect.getargspec": "inspect.getargspec 已从 Python 移除：改用 inspect.signature",
    "cPickle": "cPickle 是 Python 2 的模块：改用 pickle",
    "urllib2": "urllib2 是 Python 2 的模块；判题时也不联网：数据由判题机给出",
}
ABSENT: Mapping[str, str] = {
    "torchvision": "判题环境没有 torchvision：函数写法里图片已作为参数传入；脚本写法里 torchvision.datasets.MNIST 由判题机提供",
    "scipy": "判题环境没有 SciPy：读图用 PIL.Image.open 或 matplotlib.pyplot.imread，统计与线性代数用 NumPy 或框架自带的函数",
    "torchvision.datasets": "torchvision.datasets 在判题时只有 MNIST，内容是判题机的训练集：改用 torchvision.datasets.MNIST",
    "tensorboard": "判题环境没有 TensorBoard：去掉 SummaryWriter，损失曲线由判题机画",
    "wandb": "判题环境没有 wandb，也不联网：去掉它，损失曲线由判题机画",
    "seaborn": "判题环境没有 seaborn：用 matplotlib 画",
    "pandas": "判题环境没有 pandas：用 NumPy 或普通列表",
    "torchsummary": "判题环境没有 torchsummary：直接 print(model)",
    "torchinfo": "判题环境没有 torchinfo：直接 print(model)",
    "einops": "判题环境没有 einops：用 view、transpose、permute 或 torch.einsum",
    "lightning": "判题环境没有 Lightning：写普通的训练循环",
    "pytorch_lightning": "判题环境没有 Lightning：写普通的训练循环",
    "transformers": "判题环境没有 transformers，也不联网取预训练权重：用 torch.nn 自己搭网络",
    "tensorflow_datasets": "判题环境没有 tensorflow_datasets：函数写法里数据已作为参数传入，脚本写法用 tf.keras.datasets.mnist.load_data()",
    "torchvision.models": "判题环境没有 torchvision.models，也不联网取预训练权重：用 torch.nn 自己搭网络",
}
"""Parts of libraries that live on, but not in the box: said when they fail, not when they are only mentioned."""
METHODS: Mapping[str, str] = {
    "predict_classes": "predict_classes 已从 Keras 移除：改用 model.predict(x).argmax(axis=-1)",
    "predict_proba": "predict_proba 已从 Keras 移除：model.predict(x) 就是概率（最后一层是 softmax 时）",
    "fit_generator": "fit_generator 已从 Keras 移除：model.fit 直接接受生成器",
    "evaluate_generator": "evaluate_generator 已从 Keras 移除：model.evaluate 直接接受生成器",
    "predict_generator": "predict_generator 已从 Keras 移除：model.predict 直接接受生成器",
    "make_one_shot_iterator": "数据集不再需要迭代器对象：直接写 for batch in dataset",
    "minimize": "Keras 3 的优化器没有 minimize：用 tf.GradientTape 求梯度，再 optimizer.apply_gradients(zip(grads, variables))",
    "iteritems": "iteritems 是 Python 2 的写法：改用 items()",
    "has_key": "has_key 是 Python 2 的写法：改用 key in 字典",
}
_ITERATOR_NEXT = "迭代器没有 .next() 方法：改用 next(it)"
ARGUMENTS: Mapping[str, str] = {
    "lr": "学习率的参数名是 learning_rate（旧名 lr 已移除）",
    "decay": "优化器的 decay 参数已移除：改用 keras.optimizers.schedules 里的学习率计划",
    "nb_epoch": "参数 nb_epoch 已改名为 epochs",
    "nb_filter": "参数 nb_filter 已改名为 filters",
    "border_mode": "参数 border_mode 已改名为 padding",
    "subsample": "参数 subsample 已改名为 strides",
    "dim_ordering": "参数 dim_ordering 已移除：通道在最后一维，形状写 (28, 28, 1)",
    "init": "参数 init 已改名为 kernel_initializer",
    "output_dim": "参数 output_dim 已改名为 units",
    "period": "ModelCheckpoint 的 period 已移除：改用 save_freq",
    "reduction_indices": "参数 reduction_indices 已改名为 axis",
    "keep_prob": "参数 keep_prob 已改为 rate，意思相反：rate = 1 - keep_prob",
    "verbose": "学习率计划的 verbose 已移除：用 get_last_lr() 自己打印",
}
KEYS: Mapping[str, str] = {
    "acc": "history 里的键是 accuracy（旧名 acc；取决于 compile(metrics=[…]) 里写的名字）",
    "val_acc": "history 里的键是 val_accuracy（旧名 val_acc；取决于 compile(metrics=[…]) 里写的名字）",
}
_UNDEFINED: Mapping[str, str] = {
    "xrange": "xrange 是 Python 2 的写法：改用 range",
    "unicode": "unicode 是 Python 2 的写法：改用 str",
    "raw_input": "判题时没有键盘输入：去掉 raw_input",
}

_ALIASES = {"tf": "tensorflow", "np": "numpy", "K": "keras.backend", "tfds": "tensorflow_datasets", "tfa": "tensorflow_addons"}
_INSIDE = (
    ("tensorflow._api.v2.", "tensorflow."),
    ("tensorflow.compat.v2.", "tensorflow."),
    ("keras._tf_keras.keras", "keras"),
    ("keras.api", "keras"),
    ("tensorflow.keras", "keras"),
    ("tensorflow.losses", "keras.losses"),
)


def advice(name: str, table: Mapping[str, str] = NAMES) -> str | None:
    """What to write instead of a dotted name; None when it is still there, or not known."""
    for inside, public in _INSIDE:
        name = name.replace(inside, public, 1) if name.startswith(inside) else name
    parts = name.split(".")
    return next((table[known] for end in range(len(parts), 0, -1) if (known := ".".join(parts[:end])) in table), None)


def for_error(kind: str, message: str, module: str) -> str | None:
    """What to write instead, from an exception: its type, its message, and the module an ImportError names."""
    for pattern, table in _MESSAGES:
        if match := re.search(pattern, message):
            return table(*match.groups())
    if kind == "KeyError":
        return KEYS.get(message.strip("'\""))
    return _name(module) if module else None


def _name(name: str) -> str | None:
    return advice(name) or advice(name, ABSENT)


def _attribute(owner: str, name: str) -> str | None:
    return _name(f"{owner}.{name}")


def _method(owner: str, name: str) -> str | None:
    if name == "next":
        return _ITERATOR_NEXT if "Iter" in owner or owner == "generator" else None
    return METHODS.get(name)


_MESSAGES = (
    (r"cannot import name '(\w+)' from '([\w.]+)'", lambda name, owner: _name(f"{owner}.{name}")),
    (r"module '([\w.]+)' has no attribute '(\w+)'", _attribute),
    (r"`np\.(\w+)` was removed in the NumPy", lambda name: _name(f"numpy.{name}")),
    (
        r"`keras\.optimizers\.legacy` is not supported",
        lambda: "keras.optimizers.legacy 已停用：直接用 keras.optimizers.Adam 等",
    ),
    (r"'([\w.]+)' object has no attribute '(\w+)'", _method),
    (r"unexpected keyword argument '(\w+)'", ARGUMENTS.get),
    (r"keyword arguments passed to \w+: \{'(\w+)'", ARGUMENTS.get),
    (r"Argument\(s\) not recognized: \{'(\w+)'", ARGUMENTS.get),
    (r"name '(\w+)' is not defined", _UNDEFINED.get),
)


def mentions(source: str, limit: int = 5) -> list[tuple[int, str]]:
    """`(line, what to write instead)` for what a file uses and no library has any more; each advice once. Works on a file that does not parse."""
    aliases = dict(_ALIASES)
    found: dict[str, int] = {}
    for number, line in enumerate(source.split("\n")[:5000], 1):
        for name in _names(line[:500], aliases):
            said = advice(name) or METHODS.get(name)
            if said:
                found.setdefault(said, number)
    return [(number, said) for said, number in sorted(found.items(), key=lambda item: item[1])][:limit]


def _names(line: str, aliases: dict[str, str]) -> Iterator[str]:
    """The dotted names on a line, with import aliases resolved; a method by its own name."""
    code = re.sub(r"'[^']*'|\"[^\"]*\"|#.*", "", line)
    if imported := re.match(r"\s*from\s+([\w.]+)\s+import\b(.*)", code):
        module = imported[1]
        names = re.findall(r"(\w+)(?:\s+as\s+(\w+))?", imported[2])
        aliases.update({local or name: f"{module}.{name}" for name, local in names})
        yield from [f"{module}.{name}" for name, _ in names] or [module]
        return
    if imported := re.match(r"\s*import\s+(.*)", code):
        for module, local in re.findall(r"([\w.]+)(?:\s+as\s+(\w+))?", imported[1]):
            aliases.update({local: module} if local else {})
            yield module
        return
    for dotted in re.findall(r"(?<![\w.])[A-Za-z_]\w*(?:\.\w+)+", code):
        first, _, rest = dotted.partition(".")
        yield f"{aliases.get(first, first)}.{rest}"
        yield from (part for part in rest.split(".") if f".{part}(" in code)
