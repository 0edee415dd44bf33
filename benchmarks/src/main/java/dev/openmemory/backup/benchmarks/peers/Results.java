package dev.openmemory.backup.benchmarks.peers;

import dev.openmemory.backup.benchmarks.report.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Medians of what jobs took, and of the ratios of two jobs in the same round. */
final class Results {
  private final Map<String, List<Cost>> costs = new LinkedHashMap<>();

  void add(String job, Cost cost) {
    costs.computeIfAbsent(job, name -> new ArrayList<>()).add(cost);
  }

  /** As tables of Markdown. */
  void print(List<Goal> goals) {
    Output.line("| job | seconds | spread | CPU seconds | peak MiB | stored MB |");
    Output.line("|---|---|---|---|---|---|");
    costs.forEach(
        (job, all) ->
            Output.line(
                "| %s | %.2f | %.2f-%.2f | %.2f | %.0f | %s |",
                job,
                median(all, Cost::wall),
                sorted(all, Cost::wall).get(0),
                sorted(all, Cost::wall).get(all.size() - 1),
                median(all, Cost::cpu),
                median(all, Cost::peak),
                all.get(0).bytes() == 0 ? "" : Math.round(median(all, Cost::bytes) / 1e6)));
    Output.line("");
    Output.line("| ours | against | of | ratio | spread | CPU ratio | goal |");
    Output.line("|---|---|---|---|---|---|---|");
    goals.stream()
        .filter(goal -> costs.containsKey(goal.ours()) && costs.containsKey(goal.peer()))
        .forEach(this::print);
  }

  private void print(Goal goal) {
    List<Double> ratios = ratios(goal, goal.of());
    double middle = ratios.get(ratios.size() / 2);
    List<Double> cpu = ratios(goal, Cost::cpu);
    Output.line(
        "| %s | %s | %s | %.2f | %.2f-%.2f | %.2f | <= %.2f%s |",
        goal.ours(),
        goal.peer(),
        goal.measure(),
        middle,
        ratios.get(0),
        ratios.get(ratios.size() - 1),
        cpu.get(cpu.size() / 2),
        goal.limit(),
        middle > goal.limit() ? ", **missed**" : "");
  }

  private List<Double> ratios(Goal goal, ToDoubleFunction<Cost> of) {
    List<Cost> ours = costs.getOrDefault(goal.ours(), List.of());
    List<Cost> peer = costs.getOrDefault(goal.peer(), List.of());
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < Math.min(ours.size(), peer.size()); round++) {
      ratios.add(of.applyAsDouble(ours.get(round)) / of.applyAsDouble(peer.get(round)));
    }
    ratios.sort(null);
    return ratios;
  }

  private static double median(List<Cost> all, ToDoubleFunction<Cost> of) {
    return sorted(all, of).get(all.size() / 2);
  }

  private static List<Double> sorted(List<Cost> all, ToDoubleFunction<Cost> of) {
    return all.stream().mapToDouble(of).sorted().boxed().toList();
  }
}
