<#list dependencyMap as entry>
${entry.getKey().artifactId}|${entry.getKey().version}|<#list entry.getValue() as licence>${licence}<#sep>; </#sep></#list>
</#list>
