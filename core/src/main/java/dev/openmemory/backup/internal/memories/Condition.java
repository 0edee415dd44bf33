package dev.openmemory.backup.internal.memories;

import dev.openmemory.backup.internal.sqlite.Sql;
import dev.openmemory.backup.memories.MemoryQuery;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * SQL for which memories are wanted, with its parameters.
 *
 * @param indexed whether it asks the index of words
 */
record Condition(String sql, List<String> parameters, boolean indexed) {
  /** The index of words. Its rows have the rowids of the memories. */
  static final String INDEX = "temp.words";

  /** All of the query but its time. */
  static Condition of(MemoryQuery query, MemoryColumns columns) {
    List<String> all = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    query.user().ifPresent(user -> equal(columns.user(), user, all, parameters));
    query.app().ifPresent(app -> equal(columns.app(), app, all, parameters));
    query.state().ifPresent(state -> equal(columns.state(), state, all, parameters));
    boolean indexed = false;
    List<SearchTerm> terms = query.search().map(SearchTerm::in).orElse(List.of());
    String words =
        terms.stream()
            .filter(SearchTerm::word)
            .map(term -> '"' + term.text() + "\"*")
            .collect(Collectors.joining(" "));
    if (!words.isEmpty()) {
      indexed = true;
      all.add(Sql.of("m.rowid IN (SELECT rowid FROM %s WHERE words MATCH ?)", INDEX));
      parameters.add(words);
    }
    for (SearchTerm term : terms) {
      if (!term.word()) {
        all.add(Sql.of("instr(lower(%s), lower(?)) > 0", MemoryColumns.TEXT));
        parameters.add(term.text());
      }
    }
    return new Condition(all.isEmpty() ? "true" : String.join(" AND ", all), parameters, indexed);
  }

  private static void equal(
      String expression, String value, List<String> all, List<String> parameters) {
    all.add(expression + " = ?");
    parameters.add(value);
  }

  void bind(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      statement.setString(i + 1, parameters.get(i));
    }
  }
}
