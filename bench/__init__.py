"""Speed, measured in turn in one run; results are ratios or rates of this machine, never tests."""
