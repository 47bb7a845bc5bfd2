"""Designs, outcomes and posteriors go to and fro between Equipoise and the packages people already use."""

from __future__ import annotations

import arviz
import numpy
import pandas
import pytest
import SALib.analyze.sobol
import SALib.sample.sobol

import equipoise as eq


def two_parameters(scenario: eq.Scenario) -> list[str]:
    numbers = [parameter["id"] for parameter in scenario.parameters() if not parameter["yes_no"]]
    return numbers[:2]


def test_a_design_of_salib_is_run_and_analysed_by_salib(crisis: eq.Scenario) -> None:
    problem = crisis.problem(two_parameters(crisis), chance=True)
    sample = SALib.sample.sobol.sample(problem, 64, calc_second_order=False, seed=1)
    columns = dict(zip(problem["names"], sample.T, strict=True))
    run = crisis.run(design=columns, space="unit")
    assert run.histories == len(sample)
    killed = numpy.asarray(run.outcome("killed"))
    indices = SALib.analyze.sobol.analyze(problem, killed, calc_second_order=False, seed=1)
    assert len(indices["ST"]) == 3 and numpy.all(numpy.isfinite(indices["ST"]))
    # Nearly everything that is not in these two inputs is in what a history meets by chance.
    assert indices["ST"][2] > max(indices["ST"][:2])


def test_what_a_design_fixes_is_what_histories_get(scenario: eq.Scenario) -> None:
    name = two_parameters(scenario)[0]
    low, high = scenario.problem([name], space="value")["bounds"][0]
    cells = numpy.linspace(low, high, 8)
    account = scenario.accounts[0]["id"]
    frame = pandas.DataFrame({name: cells, "account": [account] * 8})
    run = scenario.run(design=frame, space="value")
    assert numpy.array_equal(run.parameter(name), cells)
    assert set(run.parameters["account"]) == {account}
    with pytest.raises(eq.EquipoiseError, match=f"row 0 of {name} is missing"):
        scenario.run(design={name: [float("nan")]})


def test_rows_that_share_inputs_and_chance_are_the_same_history(crisis: eq.Scenario) -> None:
    design: dict[str, list[float]] = {parameter["id"]: [0.5] * 4 for parameter in crisis.parameters()}
    design |= {"account": [0.5] * 4, "chance": [0.25, 0.25, 0.75, 0.25]}
    killed = crisis.run(design=design, space="unit").outcomes.to_dict()
    rows = list(zip(*(column for name, column in killed.items() if name != "history"), strict=True))
    assert rows[0] == rows[1] == rows[3]
    assert rows[0] != rows[2]


def test_experiments_of_ema_workbench_are_run_and_boxes_found_by_it(crisis: eq.Scenario) -> None:
    from ema_workbench import RealParameter
    from ema_workbench.analysis import prim
    from ema_workbench.em_framework.samplers import LHSSampler

    bounds = crisis.problem(two_parameters(crisis), space="value")
    parameters = [
        RealParameter(name, *limits) for name, limits in zip(bounds["names"], bounds["bounds"], strict=True)
    ]
    sample = LHSSampler().generate_samples(parameters, 256)
    run = crisis.run(design={name: sample[name] for name in bounds["names"]})
    experiments, outcomes = run.to_ema(["killed"])
    assert list(experiments[bounds["names"][0]]) == list(sample[bounds["names"][0]])
    many = outcomes["killed"] >= numpy.median(outcomes["killed"])
    box = prim.Prim(experiments, many, threshold=0.5).find_box()
    assert 0.5 <= box.density <= 1 and box.coverage > 0


def test_arviz_reads_the_posterior_of_a_calibration() -> None:
    scenario = eq.load("kyrgyzstan-2010")
    posterior = scenario.calibrate(histories=600, population=64, progress=False)
    data = posterior.to_arviz()
    names = [parameter["id"] for parameter in scenario.parameters()]
    assert set(data.posterior.data_vars) == set(names)
    particles = posterior.particles()
    assert data.posterior[names[0]].shape == (1, len(particles[names[0]]))
    assert numpy.array_equal(data.posterior[names[0]].values[0], particles[names[0]])
    summary = arviz.summary(data, var_names=names[:1])
    assert len(summary) == 1
    run = scenario.run(histories=64, posterior=posterior)
    assert set(run.parameter(names[0])) <= set(particles[names[0]])
    assert {"parameter", "prior", "posterior"} <= set(posterior.shifts()[0])
