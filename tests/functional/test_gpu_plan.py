"""GPUs, on machines without one: which device is chosen, what the box is told, what the framework is asked, and what a learner hears."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from judge.grader import devices
from judge.grader.check import Check
from judge.grader.explain import explain
from judge.grader.failures import CheckFailed, UsageProblem
from judge.grader.single import find_problem
from judge.sandbox import bare, bwrap, environment
from judge.verdict import Report, Verdict
from judge.worker.adapter import DeviceProblem

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = "scaled_dot_product_attention"
NODES = ["/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm"]


class TestChoice:
    """`--device` to the device of the run."""

    @pytest.mark.parametrize("framework", ["torch", "tensorflow"])
    def test_auto_is_the_cpu_everywhere(self, framework, monkeypatch):
        monkeypatch.setattr(devices, "has_cuda", lambda: True)
        assert devices.resolve("auto", framework) == "cpu"
        assert devices.resolve("cuda", framework) == "cuda"

    def test_a_gpu_counts_when_its_node_can_be_opened(self, tmp_path):
        assert not devices.has_cuda(tmp_path)
        (tmp_path / "nvidia0").touch()
        assert devices.has_cuda(tmp_path)

    def test_wsl_has_another_node(self, tmp_path):
        (tmp_path / "dxg").touch()
        assert devices.has_cuda(tmp_path)

    @pytest.mark.parametrize(
        ("device", "framework", "system", "says"),
        [
            ("cuda", "torch", "linux", "--device cuda"),
            ("mps", "torch", "linux", "Apple"),
            ("mps", "tensorflow", "darwin", "PyTorch"),
            ("tpu", "torch", "linux", "不认识"),
        ],
    )
    def test_what_is_not_here_is_one_sentence(self, device, framework, system, says, monkeypatch):
        monkeypatch.setattr(devices, "has_cuda", lambda: False)
        monkeypatch.setattr(sys, "platform", system)
        with pytest.raises(UsageProblem) as refused:
            devices.resolve(device, framework)
        assert says in str(refused.value)
        assert "\n" not in str(refused.value)

    def test_a_mac_of_apples_own_has_mps(self, monkeypatch):
        monkeypatch.setattr(sys, "platform", "darwin")
        monkeypatch.setattr(devices.platform, "machine", lambda: "arm64")
        assert devices.resolve("mps", "torch") == "mps"


class TestBox:
    """What the box of a run on a GPU is given, and no other."""

    @pytest.fixture(autouse=True)
    def _nodes(self, monkeypatch):
        monkeypatch.setattr(environment, "gpu_devices", lambda: NODES)

    def test_every_node_is_bound_with_its_device_rights(self):
        flags = bwrap.arguments(device="cuda", as_root=False)
        bound = [flags[i + 1] for i, flag in enumerate(flags) if flag == "--dev-bind"]
        assert bound == NODES
        assert flags.index("--dev-bind") > flags.index("--dev")  # the box's own /dev must be there first
        assert "--dev-bind" not in bwrap.arguments(device="cpu", as_root=False)

    def test_the_worker_may_open_them_and_map_what_the_driver_maps(self):
        assert environment.gpu_confinement("cuda") == {"gpu": True, "devices": NODES}
        assert environment.gpu_confinement("cpu") == {}

    def test_the_framework_sees_a_gpu_only_when_it_was_asked_for(self):
        assert environment.variables(home="/h", tmp="/t", device="cpu")["CUDA_VISIBLE_DEVICES"] == "-1"
        seen = environment.variables(home="/h", tmp="/t", device="cuda")
        assert "CUDA_VISIBLE_DEVICES" not in seen
        assert seen["CUBLAS_WORKSPACE_CONFIG"]  # without it cuBLAS is not deterministic

    def test_the_drivers_files_may_be_read(self, monkeypatch, tmp_path):
        monkeypatch.setattr(environment, "_GPU_SYSTEM", (str(tmp_path),))
        assert str(tmp_path) in bare.readable("cuda")
        assert str(tmp_path) not in bare.readable("cpu")


class TestFramework:
    """What the adapters ask of a framework before any of the learner's code."""

    @pytest.fixture
    def torch(self):
        return pytest.importorskip("torch")

    @pytest.fixture
    def asked(self, torch, monkeypatch):
        found = {}
        monkeypatch.setattr(torch, "zeros", lambda *shape, device: found.setdefault("first", device))
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda index: SimpleNamespace(total_memory=8 << 30))
        monkeypatch.setattr(torch.cuda, "set_per_process_memory_fraction", lambda share: found.setdefault("share", share))
        monkeypatch.setattr(torch.mps, "recommended_max_memory", lambda: 16 << 30)
        monkeypatch.setattr(torch.mps, "set_per_process_memory_fraction", lambda share: found.setdefault("share", share))
        return found

    @pytest.mark.parametrize(
        ("device", "memory_mib", "share"), [("cuda", 2048, 0.25), ("cuda", 1 << 20, 1.0), ("mps", 4096, 0.25)]
    )
    def test_torch_may_take_as_much_of_the_card_as_the_problem_allows(self, asked, device, memory_mib, share):
        from judge.worker.torch_adapter import TorchAdapter

        TorchAdapter(device).claim_device(memory_mib)
        assert asked == {"first": device, "share": share}

    def test_nothing_is_asked_for_a_cpu(self, asked):
        from judge.worker.torch_adapter import TorchAdapter

        TorchAdapter("cpu").claim_device(1024)
        assert asked == {}

    def test_torch_says_why_a_card_cannot_be_used(self, torch, monkeypatch):
        from judge.worker.torch_adapter import TorchAdapter

        def busy(*shape, device):
            raise RuntimeError("CUDA error: all CUDA-capable devices are busy or unavailable\nCUDA kernel errors might be …")

        monkeypatch.setattr(torch, "zeros", busy)
        with pytest.raises(DeviceProblem, match=r"busy or unavailable$"):
            TorchAdapter("cuda").claim_device(1024)

    def test_tensorflow_gets_a_logical_card_of_that_size(self, monkeypatch):
        tf = pytest.importorskip("tensorflow")
        from judge.worker.tensorflow_adapter import TensorFlowAdapter

        asked = []
        monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["card"] if kind == "GPU" else [])
        monkeypatch.setattr(
            tf.config, "set_logical_device_configuration", lambda card, parts: asked.append((card, parts[0].memory_limit))
        )
        monkeypatch.setattr(tf.config.experimental, "enable_tensor_float_32_execution", asked.append)
        monkeypatch.setattr(TensorFlowAdapter, "to_native", lambda self, array: asked.append(len(array)))
        TensorFlowAdapter("cuda").claim_device(3072)
        assert asked == [("card", 3072), False, 1]

        monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
        with pytest.raises(DeviceProblem, match=r"quizapp\[gpu\]"):
            TensorFlowAdapter("cuda").claim_device(3072)


@pytest.mark.parametrize(("device", "passes"), [("cpu", 0.9), ("cuda", 3.9), ("mps", 9.9)])
def test_tolerances_are_for_the_device(device, passes):
    check = Check()
    check.device = device
    check.close(np.float32([1.0 + passes * 1e-3]), [1.0], rtol=1e-3, atol=0)
    with pytest.raises(CheckFailed):
        check.close(np.float32([1.0 + (passes + 0.3) * 1e-3]), [1.0], rtol=1e-3, atol=0)


@pytest.mark.parametrize(
    "message", ["Torch not compiled with CUDA enabled", "No CUDA GPUs are available", "Found no NVIDIA driver on your system."]
)
def test_code_that_insists_on_a_gpu_is_told_how_to_follow_the_device(message):
    error = {"type": "RuntimeError", "message": message, "frames": [{"line": 1, "text": "x.cuda()"}]}
    failure = explain(error, find_problem(PROBLEM), "x.cuda()", loading=False)
    assert failure.verdict is Verdict.RTE
    assert "device=x.device" in failure.diagnosis


ASK_FOR_A_CARD = """
import sys
from pathlib import Path
from judge.grader import devices
from judge.grader.single import judge_request
from judge.verdict import Request
devices.has_cuda = lambda *_: True
request = Request(problem=sys.argv[1], source=Path(sys.argv[2]).read_bytes(), framework="torch", device="cuda")
print(judge_request(request, lambda event: None).model_dump_json())
"""


@pytest.mark.torch
def test_a_card_that_does_not_answer_is_a_sentence_and_no_fault_of_the_learners():
    """There is no card here, and the box is made for one all the same: the first tensor there fails, before any of the learner's code."""
    pytest.importorskip("torch")
    if devices.has_cuda():
        pytest.skip("this machine has a GPU")
    file = ROOT / "solutions" / "architecture" / PROBLEM / "accepted" / "torch_matmul.py"
    done = subprocess.run(
        [sys.executable, "-c", ASK_FOR_A_CARD, PROBLEM, str(file)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    report = Report.model_validate_json(done.stdout)
    assert report.verdict is Verdict.IE
    assert report.checks == ()
    assert "cuda 现在用不了" in report.message
    assert "--device" in report.message
    assert "Traceback" not in report.message
