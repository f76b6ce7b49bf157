package io.logarchive.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldValuesTest {
  private static final String SOURCE =
      "{'_raw':'line','_text':'text','id':'x','id.host':'h','n':[1.50,[2,null]],"
          + "'o':{'b':true,'in':[{'c':1},{'c':2,'d':'e'}],'none':null},'e':[],'f':{}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "id | {'id':['x']}",
        "id.host | {'id.host':['h']}",
        "id* | {'id':['x'],'id.host':['h']}",
        "*.*t | {'id.host':['h']}",
        "n | {'n':[1.50,2]}",
        "o.* | {'o.b':[true],'o.in.c':[1,2],'o.in.d':['e']}",
        "* | {'id':['x'],'id.host':['h'],'n':[1.50,2],'o.b':[true],'o.in.c':[1,2],'o.in.d':['e']}",
        "_raw | {'_raw':['line']}",
        "_* | {}",
        "o | {}",
        "ID | {}",
        "f | {}"
      })
  void fieldsAreToldByTheirFullNames(String pattern, String values) {
    assertThat(new FieldValues(List.of(pattern)).of(json(SOURCE))).isEqualTo(json(values));
  }

  @Test
  void noPatternTakesLong() {
    String pattern = "*a".repeat(400) + "b";
    JsonObject source = JsonObject.builder().put("a".repeat(1_000), 1).build();
    long start = System.nanoTime();
    assertThat(new FieldValues(Collections.nCopies(100, pattern)).of(source).members()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Property
  void aStarStandsForAnything(
      @ForAll @StringLength(min = 1, max = 8) @Chars({'a', 'b', '*'}) String pattern,
      @ForAll @StringLength(min = 1, max = 8) @CharRange(from = 'a', to = 'b') String name) {
    boolean matches = Pattern.matches(pattern.replace("*", ".*"), name);
    JsonObject source = JsonObject.builder().put(name, 1).build();
    assertThat(new FieldValues(List.of(pattern)).of(source).members().containsKey(name))
        .isEqualTo(matches);
  }

  private static JsonObject json(String text) {
    return Json.object(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }
}
