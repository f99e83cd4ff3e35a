using System;
using System.IO;

// Runs the handler once: the body comes on standard input, what is printed is the answer.
public static class Program
{
    public static int Main()
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        try
        {
            Console.Write(new Function.FunctionHandler().Handle(input.ReadToEnd()));
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return 1;
        }
    }
}
