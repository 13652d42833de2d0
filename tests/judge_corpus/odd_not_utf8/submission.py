import torch
# зЂвтСІ
